package dev.ingot.accelerator.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.ingot.accelerator.backend.AcceleratorProvider;
import dev.ingot.accelerator.device.Accelerators;
import dev.ingot.accelerator.tck.BackendConformance;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;

/** On a real GPU; {@code dev/check-cuda} runs it. */
class CudaConformanceTest extends BackendConformance {
    private static final String REQUIRED = "INGOT_CUDA_REQUIRED";

    @BeforeAll
    static void requireDevice() {
        Accelerators accelerators = Accelerators.of(List.of(new CudaProvider()));
        if (System.getenv(REQUIRED) != null) {
            assertThat(accelerators.devices())
                    .as("%s is set; %s", REQUIRED, accelerators.diagnostics())
                    .isNotEmpty();
        }
        assumeThat(accelerators.devices())
                .as("LEFT OUT: there is no GPU of NVIDIA's here. %s", accelerators.diagnostics())
                .isNotEmpty();
    }

    @Override
    protected AcceleratorProvider provider() {
        return new CudaProvider();
    }
}
