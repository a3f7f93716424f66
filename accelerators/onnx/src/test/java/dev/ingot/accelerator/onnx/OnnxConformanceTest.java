package dev.ingot.accelerator.onnx;

import dev.ingot.accelerator.backend.AcceleratorProvider;
import dev.ingot.accelerator.tck.BackendConformance;

class OnnxConformanceTest extends BackendConformance {
    @Override
    protected AcceleratorProvider provider() {
        return new OnnxProvider();
    }
}
