package dev.ingot.scheduler.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.scheduler.pool.Tier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TraceReaderTest {
    @TempDir
    private Path directory;

    @Test
    void aJobOfPolluxTakesItsIterationsAtTheMeasuredSpeed() throws IOException {
        Path application = Files.createDirectories(directory.resolve("apps").resolve("cifar10"));
        Files.writeString(
                application.resolve("placements.csv"),
                "placement,local_bsz,step_time,sync_time\n1,100,1.0,0.5\n44,100,2.0,0.5\n44,200,4.0,0.5\n");
        Files.writeString(
                application.resolve("scalability.csv"),
                "num_nodes,num_replicas,local_bsz,step_time,sync_time\n4,16,10,9.0,1.0\n");
        for (int batch : new int[] {1200, 400}) {
            Files.writeString(
                    application.resolve("validation-" + batch + ".csv"),
                    "progress,iteration,metric,grad_sqr,grad_var\n1.0,7,0.1,0,0\n2.0,10,0.9,0,0\n");
        }
        Path workload = Files.writeString(
                directory.resolve("workload.csv"),
                "name,time,application,num_replicas,batch_size\nc-0,107,cifar10,8,1200\nc-1,110,cifar10,1,400\n");

        Trace tenants = PolluxTrace.read(workload, directory.resolve("apps"), PolluxTrace.Standing.TENANTS, 3);
        Trace tiers = PolluxTrace.read(workload, directory.resolve("apps"), PolluxTrace.Standing.TIERS, 3);

        assertThat(tenants.machines())
                .hasSize(3)
                .allMatch(machine -> machine.capacity().devices() == 4);
        Trace.Job large = tenants.jobs().get(0);
        assertThat(large.tenant()).isEqualTo("cifar10");
        assertThat(large.gang()).isEqualTo(8);
        assertThat(large.arrivalMillis()).isEqualTo(107_000);
        // Ten iterations with a local batch of 150, between 100 and 200.
        assertThat(large.runMillis()).isEqualTo(30_000);
        // Four times a hundred are accumulated, and gradients exchanged once.
        assertThat(tenants.jobs().get(1).runMillis()).isEqualTo(10 * (1000 + 3 * 500));
        assertThat(tiers.jobs().get(0).tier()).isEqualTo(Tier.PREMIUM);
    }

    @Test
    void aVirtualClusterOfGavelIsATenant() throws IOException {
        Path traces = Files.createDirectories(directory.resolve("traces"));
        Files.writeString(traces.resolve("b.trace"), "ResNet\tpython3 x\t-n\t1\t100\t6.000000\t2\n");
        Files.writeString(traces.resolve("a.trace"), "ResNet\tpython3 x\t-n\t1\t50\t0.000000\t1\n");
        Path throughputs = Files.writeString(
                directory.resolve("throughputs.json"),
                "{\"v100\": {\"('ResNet', 1)\": {\"null\": 5.0, \"other\": [1.0, 2.0]}, \"('ResNet', 2)\": {\"null\": 8}}}");

        Trace trace = GavelTrace.read(traces, throughputs, 2, 8);

        assertThat(trace.jobs()).extracting(Trace.Job::tenant).containsExactly("vc-a", "vc-b");
        assertThat(trace.jobs()).extracting(Trace.Job::runMillis).containsExactly(10_000L, 12_500L);
        assertThat(trace.jobs()).extracting(Trace.Job::gang).containsExactly(1, 2);
        assertThat(Departments.of(trace)).hasSize(2);
        Files.writeString(traces.resolve("c.trace"), "Unheard of\tpython3 x\t-n\t1\t50\t0.000000\t1\n");
        assertThatThrownBy(() -> GavelTrace.read(traces, throughputs, 2, 8))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("says nothing of ('Unheard of', 1)");
    }
}
