package dev.ingot.accelerator.opencl;

import dev.ingot.accelerator.backend.AcceleratorProvider;
import dev.ingot.accelerator.tck.BackendConformance;
import org.junit.jupiter.api.BeforeAll;

class OpenClConformanceTest extends BackendConformance {
    @BeforeAll
    static void requirePlatform() {
        Installed.require(new OpenClProvider());
    }

    @Override
    protected AcceleratorProvider provider() {
        return new OpenClProvider();
    }
}
