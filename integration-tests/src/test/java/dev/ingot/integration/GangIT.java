package dev.ingot.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ingot.integration.program.Ensemble;
import dev.ingot.scheduler.pool.Event;
import dev.ingot.scheduler.pool.WorkloadState;
import dev.ingot.testkit.Jdk;
import dev.ingot.testkit.Program;
import java.util.ArrayList;
import java.util.List;
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

    private String gang(int members, String every) throws Exception {
        Program program = brake.on(Program.of(Ensemble.class));
        List<String> words =
                new ArrayList<>(List.of("submit", "--gang", Integer.toString(members), "--every", every, "--"));
        words.add(Jdk.ofThisProcess().java().toString());
        words.addAll(program.options());
        words.add(program.main());
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
