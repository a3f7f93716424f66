package dev.ingot.accelerator.cpu;

import dev.ingot.accelerator.memory.HostMemory;
import dev.ingot.accelerator.operation.Scalars;
import java.util.List;

/** A matrix product by a {@link GemmKernel}, some rows at a time. */
final class PanelGemm implements Range {
    /** As many rows as are read at once; what a panel is used for before the next one is fetched. */
    private static final int MOST_ROWS = 32;

    private static final int MOST_ELEMENTS = 1 << 24;

    private final GemmKernel kernel;
    private final HostMemory a;
    private final HostMemory c;
    private final int n;
    private final int k;
    private final float[] panels;

    PanelGemm(GemmKernel kernel, List<HostMemory> operands, Panels panels, Scalars scalars) {
        this.kernel = kernel;
        a = operands.get(0);
        c = operands.get(2);
        n = (int) scalars.integer("n");
        k = (int) scalars.integer("k");
        this.panels = panels.content();
    }

    /** Whether the panels fit into an array. */
    static boolean fits(GemmKernel kernel, Scalars scalars) {
        return Gemm.fits(scalars)
                && (scalars.integer("n") + kernel.panelWidth()) * scalars.integer("k") <= Integer.MAX_VALUE / 2;
    }

    @Override
    public void compute(long from, long to) {
        int most = Math.max(1, Math.min(MOST_ROWS, MOST_ELEMENTS / Math.max(1, Math.max(n, k))));
        for (long row = from; row < to; row += most) {
            int rows = (int) Math.min(most, to - row);
            float[] factors = new float[rows * k];
            float[] sums = new float[rows * n];
            a.getFloats(4 * row * k, factors);
            kernel.multiply(factors, panels, sums, rows, n, k);
            c.putFloats(4 * row * n, sums);
        }
    }
}
