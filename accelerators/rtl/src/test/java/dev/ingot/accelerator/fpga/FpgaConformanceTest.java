package dev.ingot.accelerator.fpga;

import dev.ingot.accelerator.backend.AcceleratorProvider;
import dev.ingot.accelerator.rtl.Installed;
import dev.ingot.accelerator.tck.BackendConformance;
import org.junit.jupiter.api.BeforeAll;

class FpgaConformanceTest extends BackendConformance {
    @BeforeAll
    static void requireTools() {
        Installed.require();
    }

    @Override
    protected AcceleratorProvider provider() {
        return new FpgaProvider();
    }
}
