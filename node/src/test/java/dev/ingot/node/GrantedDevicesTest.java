package dev.ingot.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.scheduler.pool.AcceleratorKind;
import dev.ingot.scheduler.pool.Alternative;
import dev.ingot.scheduler.pool.Goal;
import dev.ingot.scheduler.pool.NodeDevices;
import dev.ingot.scheduler.pool.Order;
import dev.ingot.scheduler.pool.Resources;
import dev.ingot.scheduler.pool.Tier;
import dev.ingot.scheduler.pool.WorkloadSpec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GrantedDevicesTest {
    private static final NodeDevices MIXED =
            new NodeDevices(Map.of(AcceleratorKind.GPU, 4, AcceleratorKind.FPGA, 1, AcceleratorKind.ASIC, 2));

    @Test
    void numbersCountTheDevicesOfTheKindThatTheWorkloadHas() {
        assertThat(granted(MIXED, AcceleratorKind.GPU, 0, 3)).isEqualTo(variables("0,3", "gpu"));
        assertThat(granted(MIXED, AcceleratorKind.FPGA, 4)).isEqualTo(variables("0", "fpga"));
        assertThat(granted(MIXED, AcceleratorKind.ASIC, 5, 6)).isEqualTo(variables("0,1", "asic"));
    }

    @Test
    void numbersCountAllDevicesWhereTheWorkloadNamesNoKind() {
        Map<String, String> some = Map.of(WorkloadSpec.DEVICES_VARIABLE, "0,4,6");

        assertThat(granted(MIXED, AcceleratorKind.ANY, 0, 4, 6)).isEqualTo(some);
        assertThat(granted(NodeDevices.UNNAMED, AcceleratorKind.ANY, 0, 4, 6)).isEqualTo(some);
    }

    @Test
    void whoHasCoresInsteadIsToldNoNumbers() {
        assertThat(granted(MIXED, AcceleratorKind.CPU)).isEqualTo(Map.of(WorkloadSpec.DEVICE_KIND_VARIABLE, "cpu"));
    }

    private static Map<String, String> variables(String devices, String kind) {
        return Map.of(WorkloadSpec.DEVICES_VARIABLE, devices, WorkloadSpec.DEVICE_KIND_VARIABLE, kind);
    }

    private static Map<String, String> granted(NodeDevices node, AcceleratorKind kind, Integer... devices) {
        Resources needs = new Resources(1000, 64, (long) devices.length * Resources.WHOLE_DEVICE, kind);
        WorkloadSpec spec = new WorkloadSpec(
                        "name", "team-a", Tier.STANDARD, 0, needs, List.of("java", "Main"), "/", Map.of(), 0)
                .toBuilder()
                        .alternatives(List.of(new Alternative(kind, needs, Alternative.FULL_SPEED)))
                        .build();
        // What an image of another place may have brought.
        Map<String, String> environment = new HashMap<>(variables("9", "other"));
        GrantedDevices.put(
                environment, new Order("job-1", 1, Goal.RUN, 0, List.of(devices), "", null, List.of(), spec), node);
        return environment;
    }
}
