package dev.ingot.accelerator.cpu;

import dev.ingot.accelerator.backend.AcceleratorProvider;
import dev.ingot.accelerator.tck.BackendConformance;

class HostedCpuConformanceTest extends BackendConformance {
    @Override
    protected AcceleratorProvider provider() {
        return new HostedCpuProvider();
    }
}
