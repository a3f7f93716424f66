package dev.ingot.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.scheduler.pool.Goal;
import dev.ingot.scheduler.pool.Order;
import dev.ingot.scheduler.pool.Resources;
import dev.ingot.scheduler.pool.Tier;
import dev.ingot.scheduler.pool.WorkloadSpec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DeviceShareTest {

    @Test
    void theTenantIsTheOwnerWhateverTheWorkloadSays() {
        assertThat(share(0, "weight=2,memory=64m")).isEqualTo("owner=team-a,weight=2,memory=64m");
        assertThat(share(0, "owner=team-b, weight=2")).isEqualTo("owner=team-a,weight=2");
        assertThat(share(1000, null)).isEqualTo("owner=team-a");
        assertThat(share(250, null)).isEqualTo("owner=team-a,weight=25");
        assertThat(share(1, null)).isEqualTo("owner=team-a,weight=1");
        assertThat(share(250, "weight=7")).isEqualTo("owner=team-a,weight=7");
        assertThat(share(0, null)).isNull();
    }

    private static @Nullable String share(long devices, @Nullable String described) {
        WorkloadSpec spec = new WorkloadSpec(
                "name",
                "team-a",
                Tier.STANDARD,
                0,
                new Resources(1000, 64, devices),
                List.of("java", "Main"),
                "/",
                described == null ? Map.of() : Map.of(WorkloadSpec.DEVICE_SHARE_VARIABLE, described),
                0);
        // What an image of another tenant's program may have brought.
        Map<String, String> environment =
                new HashMap<>(Map.of(WorkloadSpec.DEVICE_SHARE_VARIABLE, "owner=team-c,memory=1g"));
        DeviceShare.put(environment, new Order("job-1", 1, Goal.RUN, 0, List.of(), "", null, List.of(), spec));
        return environment.get(WorkloadSpec.DEVICE_SHARE_VARIABLE);
    }
}
