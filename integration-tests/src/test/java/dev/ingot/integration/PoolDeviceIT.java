package dev.ingot.integration;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ingot.accelerator.cpu.CpuProvider;
import dev.ingot.accelerator.device.Accelerators;
import dev.ingot.accelerator.tck.ReferenceProvider;
import dev.ingot.core.image.ImageStore;
import dev.ingot.core.json.JsonWriter;
import dev.ingot.integration.accelerator.DeviceClassPath;
import dev.ingot.integration.accelerator.DeviceProgram;
import dev.ingot.integration.accelerator.PluggableProvider;
import dev.ingot.integration.accelerator.SlowSum;
import dev.ingot.scheduler.pool.Event;
import dev.ingot.scheduler.pool.WorkloadState;
import dev.ingot.testkit.Jdk;
import dev.ingot.testkit.Program;
import dev.ingot.testkit.ProgramRun;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Programs that compute on a device, in a pool of which not every node has it. */
class PoolDeviceIT extends RemoteNodes {
    private static final Map<String, String> WITHOUT_CARD = Map.of(PluggableProvider.PULLED, "true");

    /** A hundred to the middle of the kernel, and minutes to its end. */
    private static final int STEP_MILLIS = 200;

    private static final int SHORT_STEP_MILLIS = 20;
    private static final int MINUTES_TO_ITS_END = 1000;

    /** Its description says what stands in, so neither the user nor the node has to know that the card is missing. */
    @Test
    void goesOnOnWhatItsDescriptionNamesWhereTheDeviceIsMissing() throws Exception {
        List<String> plain = plainOutput();
        listen();
        join("south", WITHOUT_CARD);
        ingot("cordon", "south");
        join("north");
        String id = submit("{instead: {gpu: cpu}}");
        awaitMidKernel();
        ingot("uncordon", "south");

        assertThat(ingot("migrate", id, "south").strip()).isEqualTo("south");
        await().atMost(LIMIT).until(() -> "south".equals(workload(id).node()) && isRunning(id));
        assertThat(deviceNote(id)).containsPattern("slow-sum@1 at [1-9][0-9]* of 1000");
        go();

        assertThat(ingot("logs", "--follow", id).lines()).containsExactlyElementsOf(plain);
        assertThat(workload(id).state()).isEqualTo(WorkloadState.DONE);
        assertThat(workload(id).node()).isNull();
        assertThat(workload(id).epoch())
                .as("each other epoch would be another try")
                .isEqualTo(2);
    }

    /** Nodes that say what accelerators they have. Nobody tries where the program would fail, and the pool says why. */
    @Test
    void isNotPlacedWhereItsImageCannotGoOnAndGoesOnWhereItCan() throws Exception {
        List<String> plain = plainOutput();
        listen();
        join("south", WITHOUT_CARD, "--device-providers", classPath());
        ingot("cordon", "south");
        join("north", "--device-providers", classPath());
        String id = submit("{instead: {fpga: cpu}}");
        awaitMidKernel();
        ingot("uncordon", "south");

        // There is no image yet that says what is on the card.
        assertThat(ingot("plan", "--drain", "north")).contains("south");
        ingot("pool", "suspend", id);
        assertThat(workload(id).state()).isEqualTo(WorkloadState.HELD);
        assertThat(deviceNote(id)).contains("slow-sum@1 at");
        ingot("cordon", "north");
        ingot("pool", "resume", id);
        assertThat(ingot("why", id))
                .contains(
                        "Node south cannot go on with its image: what was on device card:0 cannot go on: there is no device"
                                + " card:0.");
        assertThat(workload(id).state()).isEqualTo(WorkloadState.QUEUED);
        ingot("uncordon", "north");
        assertThat(awaitRunning(id)).isEqualTo("north");

        assertRefused("cannot go to node south from its newest image", "migrate", id, "south");
        assertThat(ingot("plan", "--lose", "north"))
                .contains(id + " would wait. Node south cannot go on with its image: what was on device card:0");
        go();
        assertThat(ingot("logs", "--follow", id).lines()).containsExactlyElementsOf(plain);
        assertThat(workload(id).state()).isEqualTo(WorkloadState.DONE);
        assertThat(workload(id).history().stream().map(Event::node)).doesNotContain("south");
    }

    /** A node that comes later is known to be one before it gets anything, and which it is, the pool knows after a restart as well. */
    @Test
    void aNodeThatComesLaterIsNotTriedEither() throws Exception {
        List<String> plain = plainOutput();
        listen();
        join("north", "--device-providers", classPath());
        String id = submit("{}");
        awaitMidKernel();
        ingot("pool", "suspend", id);
        ingot("cordon", "north");
        ingot("pool", "resume", id);
        controls.get(0).destroyForcibly().waitFor();
        restart();

        join("south", WITHOUT_CARD, "--device-providers", classPath());

        assertThat(ingot("why", id)).contains("Node south cannot go on with its image");
        ingot("uncordon", "north");
        assertThat(awaitRunning(id)).isEqualTo("north");
        go();
        assertThat(ingot("logs", "--follow", id).lines()).containsExactlyElementsOf(plain);
        assertThat(workload(id).history().stream().map(Event::node)).doesNotContain("south");
    }

    /** It begins on processors, goes on on the card when that is free, and on processors again when somebody stronger takes it. */
    @Test
    void beginsOnASlowerAlternativeAndMovesUpWhenTheFasterIsFreed() throws Exception {
        List<String> plain = plainOutput();
        listen();
        join("south", WITHOUT_CARD, "--device-providers", classPath());
        join("north", "--device-providers", classPath());
        assertThat(ingot("nodes").lines().filter(line -> line.startsWith("north")))
                .singleElement()
                .asString()
                .contains("gpu:1");
        String first = submitCard("first", "basic");
        await().atMost(LIMIT).until(() -> isRunning(first));
        String id = submit("job", "basic", "{cores: 0.5, accelerators: \"gpu:1 | cpu:1@0.1\"}");
        assertThat(workload(id).node()).isEqualTo("south");
        awaitMidKernel();
        // From here on it ends when it is told to.
        Files.writeString(job(SlowSum.SLOW), "z".repeat(MINUTES_TO_ITS_END));
        assertThat(ingot("pool", "describe", id)).contains("cpu:1@0.1");

        ingot("pool", "cancel", first);
        await().atMost(LIMIT).until(() -> "north".equals(workload(id).node()) && isRunning(id));
        assertThat(deviceNote(id, "cpu:0")).contains("slow-sum@1 at");
        assertThat(ingot("pool", "describe", id)).contains("moves up from cpu:1@0.1 to gpu:1 on north");

        String second = submitCard("second", "premium");
        await().atMost(LIMIT).until(() -> isRunning(second) && isRunning(id));
        assertThat(workload(second).node()).isEqualTo("north");
        assertThat(workload(id).node()).isEqualTo("south");
        assertThat(deviceNote(id, "card:0")).contains("slow-sum@1 at");
        go();

        assertThat(ingot("logs", "--follow", id).lines()).containsExactlyElementsOf(plain);
        assertThat(workload(id).state()).isEqualTo(WorkloadState.DONE);
        assertThat(workload(id).epoch())
                .as("each other epoch would be another try")
                .isEqualTo(3);
    }

    /** Holds the card until it is cancelled. */
    private String submitCard(String name, String tier) throws Exception {
        return submit(name, tier, "{cores: 0.1, accelerators: \"gpu:1\"}");
    }

    private String submit(String name, String tier, String resources) throws Exception {
        Path home = Files.createDirectories(directory.resolve(name + "/home/run"));
        int step = name.equals("job") ? SHORT_STEP_MILLIS : MINUTES_TO_ITS_END;
        Files.writeString(directory.resolve(name).resolve(SlowSum.SLOW), "z".repeat(step));
        return submit(
                home,
                new Program(program().main(), program().options(), List.of(DeviceProgram.GRANTED, "1000")),
                ", \"name\": \"" + name + "\", \"tier\": \"" + tier + "\", \"resources\": " + resources);
    }

    private void assertRefused(String reason, String... command) throws Exception {
        Process process = command(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(output).isNotZero();
        assertThat(output).contains(reason);
    }

    private static String classPath() {
        Set<String> classPath =
                DeviceClassPath.of(DeviceProgram.class, Accelerators.class, CpuProvider.class, ReferenceProvider.class);
        classPath.add(Path.of(classPath.iterator().next(), "pluggable").toString());
        return String.join(File.pathSeparator, classPath);
    }

    private static Program program() {
        return new Program(
                DeviceProgram.class.getName(),
                List.of("-XX:+UseSerialGC", "-Xmx256m", "-cp", classPath()),
                List.of("card", "1000"));
    }

    private List<String> plainOutput() throws Exception {
        Path place = Files.createDirectories(directory.resolve("plain/home/run"));
        try (ProgramRun run = ProgramRun.in(place, program())) {
            run.startPlainly(Jdk.ofThisProcess());
            return run.awaitOutcome().output();
        }
    }

    /** @param accelerators what the description says of them */
    private String submit(String accelerators) throws Exception {
        Path home = Files.createDirectories(directory.resolve("job/home/run"));
        Files.writeString(job(SlowSum.SLOW), "z".repeat(STEP_MILLIS));
        return submit(home, program(), ", \"accelerators\": " + accelerators);
    }

    /** @param members of the description beside the program */
    private String submit(Path home, Program program, String members) throws Exception {
        List<String> command =
                new ArrayList<>(List.of(Jdk.ofThisProcess().java().toString()));
        command.addAll(program.options());
        command.add(program.main());
        command.addAll(program.arguments());
        Path description = directory.resolve("job.yaml");
        String words = JsonWriter.compact().member("command", command).finish();
        Files.writeString(
                description,
                words.substring(0, words.length() - 1) + ", \"directory\": \"" + home
                        + "\", \"checkpointEvery\": \"10m\"" + members + "}");
        return ingot("submit", "-f", description.toString()).strip();
    }

    /** Two above the program's own directory. */
    private Path job(String file) {
        return directory.resolve("job").resolve(file);
    }

    private void awaitMidKernel() {
        await().atMost(LIMIT).until(() -> Files.exists(job(SlowSum.TOLD)));
    }

    private void go() throws Exception {
        Files.delete(job(SlowSum.SLOW));
    }

    /** What its newest image says of the card. */
    private String deviceNote(String id) throws Exception {
        return deviceNote(id, "card:0");
    }

    private String deviceNote(String id, String device) throws Exception {
        String image = Objects.requireNonNull(workload(id).image()).directory();
        return String.valueOf(ImageStore.open(pool.images(id).resolve(id).resolve(image))
                .manifest()
                .contents()
                .notes()
                .get("device " + device));
    }
}
