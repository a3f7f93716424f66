package dev.ingot.accelerator.opencl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.ingot.accelerator.backend.AcceleratorProvider;
import dev.ingot.accelerator.device.Accelerators;
import java.util.List;

/** The OpenCL platform of this machine. */
final class Installed {
    /** Set where a platform is installed, so that tests cannot be left out there. */
    private static final String REQUIRED = "INGOT_OPENCL_REQUIRED";

    private Installed() {}

    /** Returns if there is a device; leaves the test out by name if there is none, unless there must be. */
    static void require(AcceleratorProvider provider) {
        Accelerators accelerators = Accelerators.of(List.of(provider));
        if (System.getenv(REQUIRED) != null) {
            assertThat(accelerators.devices())
                    .as("%s is set; %s", REQUIRED, accelerators.diagnostics())
                    .isNotEmpty();
        }
        assumeThat(accelerators.devices())
                .as(
                        "LEFT OUT: there is no OpenCL device here; install pocl-opencl-icd and ocl-icd-libopencl1. %s",
                        accelerators.diagnostics())
                .isNotEmpty();
    }
}
