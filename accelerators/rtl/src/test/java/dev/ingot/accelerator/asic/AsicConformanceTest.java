package dev.ingot.accelerator.asic;

import dev.ingot.accelerator.backend.AcceleratorProvider;
import dev.ingot.accelerator.rtl.Installed;
import dev.ingot.accelerator.tck.BackendConformance;
import org.junit.jupiter.api.BeforeAll;

class AsicConformanceTest extends BackendConformance {
    @BeforeAll
    static void requireTools() {
        Installed.require();
    }

    @Override
    protected AcceleratorProvider provider() {
        return new AsicProvider();
    }
}
