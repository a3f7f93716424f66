package dev.ingot.scheduler.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.scheduler.pool.Policy;
import dev.ingot.scheduler.pool.Resources;
import dev.ingot.scheduler.pool.Tier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SimulationTest {
    private static final Costs COSTS = new Costs(1000, 2000);
    private static final Resources ONE = new Resources(1000, 10, 1);
    private static final long FOR_EVER = Long.MAX_VALUE;

    @TempDir
    private Path directory;

    @Test
    void aSuspendedJobLosesNoWork() throws IOException {
        Trace trace = new Trace(
                List.of(new Trace.Machine("m", ONE)),
                List.of(
                        new Trace.Job("low", Tier.BASIC, ONE, 0, 100_000),
                        new Trace.Job("high", Tier.PREMIUM, ONE, 10_000, 50_000)));

        List<Summary> summaries = run(trace, new StringBuilder());

        // 2 s until the victim's room is free, 1 s until it does its work.
        assertThat(summaries).contains(new Summary(Tier.PREMIUM, 1, 1, 1, 0, 3000, 53_000));
        // All it had to do, two starts, its suspension and the time of the other.
        assertThat(summaries)
                .contains(new Summary(Tier.BASIC, 1, 1, 1, 1, 1000, 100_000 + 1000 + 2000 + 51_000 + 1000));
    }

    @Test
    void everyJobThatFitsSomewhereEnds() throws IOException {
        Random random = new Random(7);
        List<Trace.Job> jobs = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            Resources needs = new Resources(1000L * (1 + random.nextInt(4)), 1, random.nextInt(3));
            jobs.add(new Trace.Job(
                    "j" + i,
                    List.of(Tier.values()).get(random.nextInt(3)),
                    needs,
                    random.nextInt(100_000),
                    1 + random.nextInt(60_000)));
        }
        Trace trace = new Trace(
                List.of(
                        new Trace.Machine("a", new Resources(8000, 100, 4)),
                        new Trace.Machine("b", new Resources(4000, 100, 2))),
                jobs);

        List<Summary> summaries = run(trace, new StringBuilder());

        assertThat(summaries).allMatch(summary -> summary.ended() == summary.jobs());
        assertThat(summaries.stream().mapToLong(Summary::jobs).sum()).isEqualTo(400);
    }

    @Test
    void theSameTraceGivesTheSameResult() throws IOException {
        Trace trace = new Trace(
                List.of(new Trace.Machine("m", ONE)),
                List.of(new Trace.Job("a", Tier.BASIC, ONE, 0, 5000), new Trace.Job("b", Tier.BASIC, ONE, 1, 5000)));
        StringBuilder first = new StringBuilder();
        StringBuilder second = new StringBuilder();

        assertThat(run(trace, first)).isEqualTo(run(trace, second));
        assertThat(first.toString()).isEqualTo(second.toString());
        assertThat(first.toString().lines().toList())
                .startsWith(
                        "seconds,nodes_cores,used_cores,nodes_devices,used_devices,premium_devices,standard_devices,"
                                + "basic_devices,queued",
                        "0,1,0,1,0,0,0,0,0",
                        "1,1,1,1,1,0,0,1,1");
    }

    @Test
    void readsOpenb() throws IOException {
        Path nodes = Files.writeString(
                directory.resolve("nodes"), "sn,cpu_milli,memory_mib,gpu,model\nn0,64000,262144,2,P100\n");
        Path pods = Files.writeString(
                directory.resolve("pods"),
                "name,cpu_milli,memory_mib,num_gpu,gpu_milli,gpu_spec,qos,pod_phase,creation_time,deletion_time,"
                        + "scheduled_time\np0,12000,16384,1,460,,LS,Running,10,70,20\n"
                        + "p1,12000,16384,0,0,,BE,Pending,10,,\n");

        Trace trace = OpenbTrace.read(nodes, pods, 2);

        assertThat(trace.machines()).containsExactly(new Trace.Machine("n0", new Resources(64_000, 262_144, 2)));
        assertThat(trace.jobs())
                .containsExactly(new Trace.Job("p0", Tier.PREMIUM, new Resources(12_000, 16_384, 1), 5000, 50_000));
    }

    @Test
    void namesTheLineOfAListThatIsNoOpenb() throws IOException {
        Path nodes = Files.writeString(
                directory.resolve("nodes"), "sn,cpu_milli,memory_mib,gpu,model\nn0,64000,262144,2,P100\nn1,3\n");

        assertThatThrownBy(() -> OpenbTrace.read(nodes, nodes, 1))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("2 columns in line 3 instead of 5");
    }

    private static List<Summary> run(Trace trace, Appendable csv) throws IOException {
        return new Simulation(trace, Policy.USUAL, COSTS).run(1000, FOR_EVER, csv);
    }
}
