package dev.ingot.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.scheduler.pool.AcceleratorKind;
import dev.ingot.scheduler.pool.Alternative;
import dev.ingot.scheduler.pool.Command;
import dev.ingot.scheduler.pool.Policy;
import dev.ingot.scheduler.pool.Pool;
import dev.ingot.scheduler.pool.Resources;
import dev.ingot.scheduler.pool.Tier;
import dev.ingot.scheduler.pool.WorkloadSpec;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PoolListingTest {
    private static final Resources CORE = new Resources(1000, 100, 0);

    private final Pool pool = new Pool(Policy.USUAL);

    private void submit(String name, List<Alternative> alternatives) {
        WorkloadSpec spec = new WorkloadSpec(
                        name,
                        "default",
                        Tier.BASIC,
                        0,
                        alternatives.isEmpty() ? CORE : alternatives.get(0).needs(),
                        List.of("java", "Job"),
                        "/",
                        Map.of(),
                        0)
                .toBuilder().alternatives(alternatives).build();
        pool.apply(1, new Command.Submit(name, spec));
    }

    @Test
    void showsWhichAlternativeWorkloadsHaveWhereOneNamesKinds() {
        pool.apply(1, new Command.Join("n1", "i1", new Resources(2000, 4000, 0)));
        submit("plain", List.of());
        assertThat(PoolListing.table(pool.workloads()).lines().get(0)).endsWith("AGE");

        Alternative gpu = new Alternative(
                AcceleratorKind.GPU, new Resources(100, 100, 1000, AcceleratorKind.GPU), Alternative.FULL_SPEED);
        submit("either", List.of(gpu, new Alternative(AcceleratorKind.CPU, CORE, 100)));
        submit("waits", List.of(gpu));

        List<String> lines = PoolListing.table(pool.workloads()).lines();
        assertThat(lines.get(0)).endsWith("HAS");
        assertThat(lines.get(1)).startsWith("plain-1").endsWith(" -");
        assertThat(lines.get(2)).startsWith("either-2").endsWith(" cpu:1@0.1");
        assertThat(lines.get(3)).startsWith("waits-3").endsWith(" -");
    }
}
