package dev.ingot.scheduler.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.scheduler.pool.Resources;
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
                .allMatch(machine -> machine.capacity().milliDevices() == 4000);
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

    @Test
    void jobsOfPhillyRunAsLongAsTheyDidUnderTheLoadThatIsAskedFor() throws IOException {
        StringBuilder list = new StringBuilder("runtime\n0.0\n");
        for (int i = 1; i <= 1000; i++) {
            list.append(i).append(".5\n");
        }
        Path file = Files.writeString(directory.resolve("runtime.csv"), list);

        Trace trace = PhillyTrace.read(file, 5, 2, 0.8);

        assertThat(trace).isEqualTo(PhillyTrace.read(file, 5, 2, 0.8));
        assertThat(trace.jobs()).extracting(Trace.Job::runMillis).hasSize(1000).contains(1500L, 1_000_500L);
        assertThat(trace.jobs()).extracting(Trace.Job::arrivalMillis).isSorted();
        double work = trace.jobs().stream().mapToLong(Trace.Job::runMillis).sum();
        assertThat(work / 10 / trace.jobs().get(999).arrivalMillis()).isBetween(0.7, 0.9);
        Files.writeString(file, "runtime\n1\nlong\n");
        assertThatThrownBy(() -> PhillyTrace.read(file, 5, 2, 0.8))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no time in line 3 but long");
    }

    @Test
    void aServiceHasAsManyReplicasAsItsRequestsNeed() throws IOException {
        StringBuilder list = new StringBuilder("TIMESTAMP,ContextTokens,GeneratedTokens\n");
        // Five at once, of a second each, then one of 41 s, and one after a pause.
        for (int i = 0; i < 5; i++) {
            list.append("2023-11-16 18:00:00.0000000,0,40\n");
        }
        list.append("2023-11-16 18:00:10.5000000,4000,1600\n2023-11-16 18:10:00.0000000,0,40\n");
        Path file = Files.writeString(directory.resolve("requests.csv"), list);

        Trace trace = AzureTrace.read(file, 1, 4);

        // Each goes a minute after it was needed last.
        assertThat(trace.jobs().stream().filter(job -> job.tier() == Tier.PREMIUM))
                .containsExactlyInAnyOrder(
                        replica("replica-0-0", 0, 51_500 + 60_000),
                        replica("replica-1-0", 0, 1000 + 60_000),
                        replica("replica-0-600000", 600_000, 1000 + 60_000));
        assertThat(trace.jobs().stream().filter(job -> job.tier() == Tier.BASIC))
                .hasSize(5);
        Files.writeString(file, "TIMESTAMP,ContextTokens,GeneratedTokens\nyesterday,1,1\n");
        assertThatThrownBy(() -> AzureTrace.read(file, 1, 4))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no request in line 2");
    }

    private static Trace.Job replica(String name, long arrival, long run) {
        return new Trace.Job(name, Tier.PREMIUM, new Resources(1, 1, 1000), arrival, run);
    }
}
