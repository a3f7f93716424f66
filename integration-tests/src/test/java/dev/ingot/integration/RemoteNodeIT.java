package dev.ingot.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ingot.integration.program.Librarian;
import dev.ingot.scheduler.pool.Event;
import dev.ingot.scheduler.pool.WorkloadState;
import dev.ingot.scheduler.wire.PoolDirectory;
import dev.ingot.testkit.Jdk;
import dev.ingot.testkit.Relay;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Nodes that reach the pool by a port alone and share no directory with it or with each other. */
class RemoteNodeIT extends RemoteNodes {
    @Test
    void whatANodeHadIsGoneOnWithElsewhereWhenItAndItsDiskAreLost() throws Exception {
        lease = "3s";
        listen();
        join("north");
        join("south");
        String id = submit("standard", "200ms");
        awaitImage(id);
        String lost = awaitRunning(id);

        remote(lost).destroyForcibly().waitFor();
        PoolDirectory.delete(home(lost));

        await().atMost(LIMIT).until(() -> !lost.equals(workload(id).node()) && isRunning(id));
        brake.release();
        assertEndsAsIfNothingHadHappened(id);
        assertThat(workload(id).history().stream().map(Event::reason))
                .anyMatch(reason -> reason.equals("node " + lost + " was lost; it goes on from its newest image"));
        await().atMost(LIMIT).until(() -> isEmpty(home(other(lost)).resolve("workloads")));
    }

    @Test
    void movesBetweenNodesOfTheirOwnAndOneThatSharesThePoolsDisk() throws Exception {
        listen(1);
        join("north", "--images", "127.0.0.1:0");
        join("south", "--images", "127.0.0.1:0");
        String id = submit("standard", "10m");
        awaitSteps(id);
        List<String> places = new ArrayList<>(List.of("north", "node1", "south", "north"));
        if (places.get(0).equals(workload(id).node())) {
            places.remove(0);
        }

        for (String place : places) {
            ingot("pool", "migrate", id, place);
            await().atMost(LIMIT).until(() -> place.equals(workload(id).node()) && isRunning(id));
        }
        assertThat(workload(id).history().stream().map(Event::reason))
                .anyMatch(reason -> reason.endsWith("which gets ready for it"))
                .noneMatch(reason -> reason.contains("did not get ready"));
        // After node1, which does not offer what it has, it comes from the first; to where it had been only what is
        // new.
        assertThat(Files.readString(log("south")) + Files.readString(log("north")))
                .containsPattern("bytes came from node (north|south), 0 from the pool")
                .doesNotContain("but from the pool");
        brake.release();

        assertEndsAsIfNothingHadHappened(id);
    }

    @Test
    void halfAnImageIsNothingToGoOnFromAndNotLostWhenItsNodeIsKilled() throws Exception {
        lease = "3s";
        listen();
        int direct = port;
        try (Relay relay = new Relay(direct)) {
            join("north", relay.port());
            String id = submit("standard", "200ms");
            awaitImage(id);
            long known = sequence(id);
            await().atMost(LIMIT).until(() -> isCutWithinAnImage(relay, id));

            remote("north").destroyForcibly().waitFor();

            PoolDirectory.delete(home("north"));
            join("south", direct);
            await().atMost(LIMIT).until(() -> "south".equals(workload(id).node()) && isRunning(id));
            assertThat(sequence(id)).isGreaterThanOrEqualTo(known);
            brake.release();
            assertEndsAsIfNothingHadHappened(id);
        }
    }

    private boolean isCutWithinAnImage(Relay relay, String id) throws IOException {
        relay.cutAfter(20_000);
        await().atMost(LIMIT).until(relay::isCut);
        if (Files.exists(pool.workload(id).resolve("incoming"))) {
            return true;
        }
        relay.heal();
        return false;
    }

    private long sequence(String id) throws Exception {
        return Objects.requireNonNull(workload(id).image()).sequence();
    }

    @Test
    void filesThatCameWithAWorkloadAreWhereverItRuns() throws Exception {
        lease = "3s";
        listen();
        join("north");
        join("south");
        Path book = Files.write(
                directory.resolve("book.txt"),
                IntStream.rangeClosed(1, 60).mapToObj(page -> "page " + page).toList());
        String id = ingot(
                        "submit",
                        "--every",
                        "300ms",
                        "--ship",
                        jar(Librarian.class, "Pace", "Librarian$Colophon").toString(),
                        "--ship",
                        book + "=shelf/book.txt",
                        "--",
                        Jdk.ofThisProcess().java().toString(),
                        "-Dpace.slow=" + brake.file(),
                        "-jar",
                        "Librarian.jar",
                        "${files}/shelf/book.txt")
                .strip();
        Path place = Path.of(workload(id).spec().directory());
        String first = awaitRunning(id);
        await().atMost(LIMIT).until(() -> ingot("logs", "--live", id).contains("page 2"));
        // Nobody needs them any more.
        Files.delete(book);

        // With so short a lease a node that is only slow is suspect for a moment, and has no room then.
        await().atMost(LIMIT).untilAsserted(() -> ingot("pool", "migrate", id));
        await().atMost(LIMIT).until(() -> other(first).equals(workload(id).node()) && isRunning(id));
        // Though newer images came while the other node read the one that it was given.
        assertThat(workload(id).history().stream().map(Event::reason))
                .anyMatch(reason -> reason.endsWith("which gets ready for it"))
                .noneMatch(reason -> reason.contains("did not get ready"));
        remote(other(first)).destroyForcibly().waitFor();
        await().atMost(LIMIT).until(() -> first.equals(workload(id).node()) && isRunning(id));
        assertThat(place.resolve("shelf/book.txt")).hasSameTextualContentAs(pool.file("default", hash(id)));
        brake.release();

        List<String> lines = new ArrayList<>(List.of("r--------", "true"));
        IntStream.rangeClosed(1, 60).forEach(page -> lines.add("page " + page));
        lines.add("end");
        assertThat(ingot("pool", "logs", "--follow", id).lines()).containsExactlyElementsOf(lines);
        assertThat(workload(id).state()).isEqualTo(WorkloadState.DONE);
        // The killed node's, too, when it is back.
        join(other(first));
        await().atMost(LIMIT).until(() -> Files.notExists(place));
    }

    private String hash(String id) throws Exception {
        return workload(id).spec().files().stream()
                .filter(file -> file.name().equals("shelf/book.txt"))
                .findFirst()
                .orElseThrow()
                .sha256();
    }

    /** A jar of a program and other classes of its package. */
    private Path jar(Class<?> main, String... others) throws IOException {
        Path jar = directory.resolve(main.getSimpleName() + ".jar");
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, main.getName());
        List<String> names = new ArrayList<>(List.of(others));
        names.add(main.getSimpleName());
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
            for (String name : names) {
                String entry = main.getPackageName().replace('.', '/') + "/" + name + ".class";
                out.putNextEntry(new JarEntry(entry));
                try (InputStream bytes = main.getResourceAsStream("/" + entry)) {
                    Objects.requireNonNull(bytes, entry).transferTo(out);
                }
            }
        }
        return jar;
    }

    @Test
    void aNodeThatIsAskedToEndHasItsWorkloadsGoElsewhereFirst() throws Exception {
        listen();
        join("north");
        join("south");
        String id = submit("standard", "10m");
        awaitSteps(id);
        String node = awaitRunning(id);

        remote(node).destroy();

        assertThat(remote(node).waitFor()).isZero();
        assertThat(workload(id).node()).isNotEqualTo(node);
        awaitRunning(id);
        join(node);
        await().atMost(LIMIT).until(() -> isAlive(node));
        assertThat(ingot("nodes").lines()).anyMatch(line -> line.contains(node) && line.contains("ready"));
        brake.release();
        assertEndsAsIfNothingHadHappened(id);
    }

    @Test
    void aNodeThatIsCutOffRunsNothingAndGivesUpWhatItHadWhenItIsBack() throws Exception {
        lease = "3s";
        listen();
        join("north");
        try (Relay relay = new Relay(port)) {
            address = "127.0.0.1:" + relay.port();
            join("south");
            String first = submit("standard", "200ms");
            String second = submit("standard", "200ms");
            awaitImage(first);
            awaitImage(second);
            String cut = "south".equals(awaitRunning(first)) ? first : second;
            awaitRunning(second);
            ProcessHandle copy = programs().stream()
                    .filter(program -> arguments(program).stream().anyMatch(word -> word.contains(cut)))
                    .findFirst()
                    .orElseThrow();

            relay.cut();

            await().atMost(LIMIT).until(() -> !isAlive("south"));
            // Its room elsewhere is taken, so nothing but the lease stands between the two.
            assertThat(state(copy)).isEqualTo("T");
            join("west", port);
            await().atMost(LIMIT).until(() -> "west".equals(workload(cut).node()) && isRunning(cut));
            assertThat(state(copy)).isEqualTo("T");
            relay.heal();
            await().atMost(LIMIT).until(() -> !copy.isAlive() && isAlive("south"));
            brake.release();
            assertEndsAsIfNothingHadHappened(first);
            assertEndsAsIfNothingHadHappened(second);
        }
    }

    @Test
    void nodesStayThroughAKillAndThroughAStopOfThePool() throws Exception {
        listen();
        join("north");
        String id = submit("standard", "300ms");
        awaitImage(id);

        controls.get(0).destroyForcibly().waitFor();
        restart();
        await().atMost(LIMIT).until(() -> isAlive("north") && isRunning(id));
        assertThat(workload(id).epoch()).isEqualTo(1);
        controls.get(1).destroy();
        assertThat(controls.get(1).waitFor()).isZero();
        restart();

        awaitRunning(id);
        assertThat(remote("north").isAlive()).isTrue();
        brake.release();
        assertEndsAsIfNothingHadHappened(id);
        assertThat(workload(id).state()).isEqualTo(WorkloadState.FAILED);
    }

    @Test
    void aNodeIsTheNodeOfItsNameAlone() throws Exception {
        listen();
        join("north");
        Path token = token("south");

        Process impostor = node("west", token).start();
        remotes.put("west", impostor);

        Path log = log("west");
        await().atMost(LIMIT).until(() -> Files.readString(log).contains("south is not node west"));
        assertThat(ingot("nodes")).doesNotContain("west");
    }

    private static String other(String name) {
        return name.equals("north") ? "south" : "north";
    }

    private static boolean isEmpty(Path directory) throws IOException {
        if (Files.notExists(directory)) {
            return true;
        }
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.findAny().isEmpty();
        }
    }
}
