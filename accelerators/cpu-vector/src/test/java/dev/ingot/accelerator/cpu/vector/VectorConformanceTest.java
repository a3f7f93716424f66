package dev.ingot.accelerator.cpu.vector;

import dev.ingot.accelerator.backend.AcceleratorProvider;
import dev.ingot.accelerator.cpu.CpuProvider;
import dev.ingot.accelerator.tck.BackendConformance;

/** The CPU backend, which finds the vectors as a service. */
class VectorConformanceTest extends BackendConformance {
    @Override
    protected AcceleratorProvider provider() {
        return new CpuProvider();
    }
}
