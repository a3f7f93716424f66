package dev.ingot.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ingot.integration.program.Crew;
import dev.ingot.integration.program.Ensemble;
import dev.ingot.scheduler.pool.Event;
import dev.ingot.scheduler.pool.WorkloadState;
import dev.ingot.testkit.Jdk;
import dev.ingot.testkit.Program;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Programs that run together: none is without the others, and what happens to one happens to all. */
class GangIT extends LivePool {
    @Test
    void goesBackTogetherWhenANodeIsKilled() throws Exception {
        lease = "3s";
        start(3);
        String first = gang(2, "500ms");
        String second = first + ".1";
        awaitRunning(first);
        String node = awaitRunning(second);
        assertThat(workload(first).node()).isNotEqualTo(node);
        awaitImage(first);
        awaitImage(second);

        node(node).destroyForcibly();

        await().atMost(LIMIT).until(() -> workload(second).epoch() > 1 && isRunning(first) && isRunning(second));
        assertThat(workload(first).history().stream().map(Event::reason)).contains("goes back with its gang");
        brake.release();
        assertPlaysOnce(first, 0);
        assertPlaysOnce(second, 1);
    }

    @Test
    void shrinksForWhoStandsBetterAndGrowsAgainAndItsProgramsAreTold() throws Exception {
        start(2);
        Path taken = Files.createDirectory(directory.resolve("taken"));
        String first = submit("1-2", "0s", Program.of(Crew.class), taken.toString());
        String second = first + ".1";
        awaitSaid(first, "running: 0-1");
        awaitSaid(second, "running: 0-1");

        String premium = submit("premium", "0s");
        awaitRunning(premium);
        assertThat(workload(second).state()).isEqualTo(WorkloadState.QUEUED);
        awaitSaid(first, "running: 0-1\n[^r]*running: 0\n");
        ingot("pool", "cancel", premium);
        awaitSaid(first, "running: 0\n[^r]*running: 0-1\n");
        awaitSaid(second, "running: 0-1");
        brake.release();

        List<String> pieces = new ArrayList<>();
        for (String member : List.of(first, second)) {
            ingot("pool", "logs", "--follow", member)
                    .lines()
                    .filter(line -> line.startsWith("piece"))
                    .forEach(pieces::add);
            assertThat(workload(member).state()).isEqualTo(WorkloadState.DONE);
        }
        assertThat(pieces)
                .containsExactlyInAnyOrderElementsOf(IntStream.rangeClosed(1, 60)
                        .mapToObj(piece -> "piece " + piece)
                        .toList());
    }

    @Test
    void runsInOneRackWhereNodesSayWhereTheyStand() throws Exception {
        start(3, "--node-locations", "eu/a/r1,eu/a/r2,eu/b/r2");
        ingot("drain", "node2");
        String first = submit("2", "0s", Program.of(Ensemble.class), List.of("--together", "zone"));

        assertThat(workload(first).state()).isEqualTo(WorkloadState.QUEUED);
        assertThat(ingot("why", first))
                .contains("It is to run all in one zone.")
                .contains("Zone eu/a has room for 1 of 2 now");
        ingot("uncordon", "node2");

        assertThat(List.of(awaitRunning(first), awaitRunning(first + ".1")))
                .containsExactlyInAnyOrder("node1", "node2");
        assertThat(ingot("nodes")).contains("eu/a/r1", "eu/b/r2");
        brake.release();
        assertPlaysOnce(first, 0);
        assertPlaysOnce(first + ".1", 1);
    }

    private void awaitSaid(String member, String pattern) throws Exception {
        Pattern said = Pattern.compile(pattern);
        await().atMost(LIMIT)
                .until(() ->
                        said.matcher(ingot("pool", "logs", "--live", member)).find());
    }

    private String gang(int members, String every) throws Exception {
        return submit(Integer.toString(members), every, Program.of(Ensemble.class));
    }

    private String submit(String members, String every, Program of, String... arguments) throws Exception {
        return submit(members, every, of, List.of(), arguments);
    }

    private String submit(String members, String every, Program of, List<String> options, String... arguments)
            throws Exception {
        Program program = brake.on(of);
        List<String> words = new ArrayList<>(List.of("submit", "--gang", members, "--every", every));
        words.addAll(options);
        words.add("--");
        words.add(Jdk.ofThisProcess().java().toString());
        words.addAll(program.options());
        words.add(program.main());
        words.addAll(List.of(arguments));
        return ingot(words.toArray(String[]::new)).strip();
    }

    private void assertPlaysOnce(String member, int part) throws Exception {
        String output = ingot("pool", "logs", "--follow", member);

        assertThat(output.lines())
                .as(member)
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 60)
                        .mapToObj(bar -> "part " + part + " of 2 bar " + bar)
                        .toList());
        assertThat(workload(member).state()).isEqualTo(WorkloadState.DONE);
    }
}
