package dev.ingot.samples.devices;

import dev.ingot.accelerator.backend.AcceleratorProvider;
import dev.ingot.accelerator.tck.BackendConformance;

class ToyConformanceTest extends BackendConformance {
    @Override
    protected AcceleratorProvider provider() {
        return new ToyProvider();
    }
}
