package dev.ingot.accelerator.cpu.vector;

import dev.ingot.accelerator.cpu.GemmKernel;

/** Products by the Vector API. Names none of its types itself, so that it can be loaded and asked where they are missing. */
public final class VectorKernel implements GemmKernel {
    private static final String MODULE = "jdk.incubator.vector";

    /** For {@link java.util.ServiceLoader}. */
    public VectorKernel() {}

    @Override
    public boolean isPossible() {
        return ModuleLayer.boot().findModule(MODULE).isPresent();
    }

    @Override
    public int panelWidth() {
        return VectorTiles.panelWidth();
    }

    @Override
    public void multiply(float[] a, float[] panels, float[] c, int rows, int n, int k) {
        VectorTiles.multiply(a, panels, c, rows, n, k);
    }
}
