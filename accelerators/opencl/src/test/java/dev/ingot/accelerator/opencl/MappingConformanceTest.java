package dev.ingot.accelerator.opencl;

import dev.ingot.accelerator.backend.AcceleratorProvider;
import dev.ingot.accelerator.tck.BackendConformance;
import org.junit.jupiter.api.BeforeAll;

/** The way of devices with memory of their own. */
class MappingConformanceTest extends BackendConformance {
    @BeforeAll
    static void requirePlatform() {
        Installed.require(new MappingProvider());
    }

    @Override
    protected AcceleratorProvider provider() {
        return new MappingProvider();
    }
}
