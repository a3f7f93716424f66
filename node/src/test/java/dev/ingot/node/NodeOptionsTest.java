package dev.ingot.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.scheduler.pool.AcceleratorKind;
import dev.ingot.scheduler.pool.Location;
import dev.ingot.scheduler.pool.NodeDevices;
import dev.ingot.scheduler.pool.Resources;
import dev.ingot.scheduler.wire.PoolDirectory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class NodeOptionsTest {
    private static final NodeDevices NONE = NodeDevices.UNNAMED;
    private static final NodeDevices TWO = new NodeDevices(Map.of(AcceleratorKind.ANY, 2));
    private static final NodeDevices KINDS = new NodeDevices(Map.of(AcceleratorKind.GPU, 1, AcceleratorKind.FPGA, 1));

    private static NodeOptions with(@Nullable NodeDevices devices) {
        return new NodeOptions(
                new PoolDirectory(Path.of("/pool")),
                "node1",
                new Resources(2000, 4000, 0),
                devices,
                new Location("eu/a"),
                "a.jar",
                ProbeLimits.parse("disk=7s"),
                Path.of("/agent.jar"));
    }

    @Test
    void argumentsLeadToTheSameOptions() {
        for (NodeDevices devices : Arrays.asList(null, NONE, TWO, KINDS)) {
            assertThat(NodeOptions.parse(with(devices).arguments())).isEqualTo(with(devices));
        }
    }

    @Test
    void offersWhatItFoundUnlessItSaysSomethingElse() {
        NodeDevices found = new NodeDevices(Map.of(AcceleratorKind.GPU, 2));

        assertThat(with(null).offered(found)).isEqualTo(found);
        assertThat(with(TWO).offered(found)).isEqualTo(found);
        assertThat(with(TWO).offered(NONE).named()).isEqualTo(NONE);
        assertThat(with(KINDS).offered(found)).isEqualTo(KINDS);
        assertThat(with(NONE).offered(found)).isEqualTo(NONE);
    }
}
