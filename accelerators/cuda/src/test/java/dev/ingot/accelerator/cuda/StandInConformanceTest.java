package dev.ingot.accelerator.cuda;

import dev.ingot.accelerator.backend.AcceleratorProvider;
import dev.ingot.accelerator.tck.BackendConformance;
import java.io.IOException;
import org.junit.jupiter.api.BeforeAll;

/** Everything but the GPU: calls, arguments, memory, the translation of kernels. */
class StandInConformanceTest extends BackendConformance {
    @BeforeAll
    static void buildStandIn() throws IOException, InterruptedException {
        StandInProvider.require();
    }

    @Override
    protected AcceleratorProvider provider() {
        return new StandInProvider();
    }
}
