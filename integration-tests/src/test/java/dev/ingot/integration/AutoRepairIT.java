package dev.ingot.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ingot.integration.program.Glutton;
import dev.ingot.integration.program.Poisoned;
import dev.ingot.scheduler.pool.Event;
import dev.ingot.scheduler.pool.ImageReference;
import dev.ingot.scheduler.pool.WorkloadState;
import dev.ingot.testkit.Jdk;
import dev.ingot.testkit.Program;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Programs that crash, or cannot go on, in real pools. */
class AutoRepairIT extends LivePool {
    private Path home = Path.of("");

    @Test
    void aProgramThatIsKilledGoesOnByItself() throws Exception {
        start();
        String id = submit("standard", "200ms");
        for (int kill = 0; kill < 2; kill++) {
            long before = sequence(id);
            await().atMost(LIMIT).until(() -> sequence(id) > before && isRunning(id));
            programs().forEach(ProcessHandle::destroyForcibly);
            long epoch = kill + 2L;
            await().atMost(LIMIT).until(() -> workload(id).epoch() == epoch);
        }
        brake.release();

        assertEndsAsIfNothingHadHappened(id);
        assertThat(ingot("events")).contains("ended by signal 9");
    }

    @Test
    void whatCrashesOfItsNewestImageGoesBackToTheOneBeforeAndIsHeldWhenThatDoesNotHelp() throws Exception {
        start();
        String id = submit(Program.of(Poisoned.class));
        awaitOutput(id, "begun");
        checkpoint(id);
        ImageReference first = image(id);
        Files.createFile(home.resolve("first"));
        awaitOutput(id, "passed");
        checkpoint(id);
        ImageReference second = image(id);

        Files.createFile(home.resolve("second"));

        await().atMost(LIMIT).until(() -> workload(id).state() == WorkloadState.HELD);
        assertThat(image(id)).isEqualTo(first);
        assertThat(reasons(id))
                .contains("ended by signal 6 4 times in a row; goes back to image " + first.directory())
                .anyMatch(reason -> reason.startsWith(
                        "ended by signal 6 4 times in a row, and before that from a newer image;" + " held until"));
        assertThat(ingot("why", id)).contains("crashed again and again");
        assertThat(second.sequence()).isGreaterThan(first.sequence());

        Files.createFile(home.resolve("cure"));
        ingot("pool", "resume", id);
        assertThat(ingot("logs", "--follow", id).lines()).containsExactly("begun", "passed", "well");
        assertThat(workload(id).state()).isEqualTo(WorkloadState.DONE);
    }

    @Test
    void anImageThatIsDamagedIsPassedOver() throws Exception {
        start();
        String id = submit(Program.of(Poisoned.class));
        Files.createFile(home.resolve("cure"));
        awaitOutput(id, "begun");
        checkpoint(id);
        Files.createFile(home.resolve("first"));
        awaitOutput(id, "passed");
        ingot("pool", "suspend", id);
        damage(pool.images(id).resolve(id).resolve(image(id).directory()).resolve("chunks.pack"));
        Files.createFile(home.resolve("second"));

        ingot("pool", "resume", id);

        assertThat(ingot("logs", "--follow", id).lines()).containsExactly("begun", "passed", "well");
        assertThat(reasons(id))
                .anyMatch(reason -> reason.startsWith("could not go on from its image: [ingot] error: "));
    }

    @Test
    void aProgramThatTheJvmEndsForWantOfMemoryIsNotTakenForOneThatHasEnded() throws Exception {
        start();
        String id = submit(Program.of(Glutton.class).with("-Xmx24m").with("-XX:+ExitOnOutOfMemoryError"));

        await().atMost(LIMIT).until(() -> workload(id).state() == WorkloadState.FAILED);

        assertThat(workload(id).problem()).isEqualTo("ran out of memory: Java heap space");
        assertThat(workload(id).epoch()).isEqualTo(4);
    }

    @Test
    void aNodeThatFindsItsDiskFullTakesNothingNew() throws Exception {
        // Both find it: they share the disk. One at least stays trusted.
        start(2, "--node-probes", "every=100ms,room=999999g");
        await().atMost(LIMIT).until(() -> ingot("nodes").contains("suspect(disk)"));
        String suspect = ingot("nodes")
                .lines()
                .filter(line -> line.contains("suspect(disk)"))
                .map(line -> line.substring(0, line.indexOf(' ')))
                .findFirst()
                .orElseThrow();

        assertThat(awaitRunning(submit("standard", "0s"))).isNotEqualTo(suspect);
        assertThat(ingot("events"))
                .contains("node " + suspect + " is suspect and takes no new workloads: disk: there are ");
    }

    private static void damage(Path pack) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(pack.toFile(), "rw")) {
            byte[] all = new byte[(int) file.length()];
            file.readFully(all);
            for (int i = 0; i < all.length; i += 64) {
                all[i] ^= 1;
            }
            file.seek(0);
            file.write(all);
        }
    }

    private String submit(Program program) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of("submit", "--every", "0s", "--"));
        words.add(Jdk.ofThisProcess().java().toString());
        words.addAll(program.options());
        words.add(program.main());
        home = Files.createTempDirectory(directory, "home");
        return output(command(words.toArray(String[]::new)).directory(home.toFile()))
                .strip();
    }

    private void awaitOutput(String id, String line) throws Exception {
        awaitRunning(id);
        Path output = pool.output(id, workload(id).epoch());
        await().atMost(LIMIT).until(() -> Files.readString(output).contains(line));
    }

    private void checkpoint(String id) throws Exception {
        long before = sequence(id);
        ProcessHandle program = processes(Poisoned.class.getName()).stream()
                .filter(process -> arguments(process).stream().anyMatch(argument -> argument.contains(id)))
                .findFirst()
                .orElseThrow();
        ingot("checkpoint", Long.toString(program.pid()));
        await().atMost(LIMIT).until(() -> sequence(id) > before);
    }

    private long sequence(String id) throws Exception {
        ImageReference image = workload(id).image();
        return image == null ? 0 : image.sequence();
    }

    private ImageReference image(String id) throws Exception {
        return Objects.requireNonNull(workload(id).image());
    }

    private List<String> reasons(String id) throws Exception {
        return workload(id).history().stream().map(Event::reason).toList();
    }
}
