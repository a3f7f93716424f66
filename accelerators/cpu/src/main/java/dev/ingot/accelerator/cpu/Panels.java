package dev.ingot.accelerator.cpu;

import dev.ingot.accelerator.memory.HostMemory;
import dev.ingot.accelerator.operation.Scalars;

/**
 * The second factor of a product as a {@link GemmKernel} wants it.
 *
 * @param factor where it was taken from
 * @param version of its content then
 * @param n its columns
 * @param k its rows
 * @param content its columns in panels, a panel row by row
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record Panels(CpuMemory factor, long version, int n, int k, float[] content) {

    static Panels of(CpuMemory factor, int width, Scalars scalars) {
        int n = (int) scalars.integer("n");
        int k = (int) scalars.integer("k");
        return new Panels(factor, factor.version(), n, k, packed(factor.memory(), width, n, k));
    }

    /** Whether they are what a product of these sizes needs now. */
    boolean isOf(CpuMemory other, Scalars scalars) {
        return other == factor && other.version() == version && n == scalars.integer("n") && k == scalars.integer("k");
    }

    private static float[] packed(HostMemory b, int width, int n, int k) {
        int count = (n + width - 1) / width;
        float[] packed = new float[count * width * k];
        float[] row = new float[n];
        for (int i = 0; i < k; i++) {
            b.getFloats(4L * i * n, row);
            for (int panel = 0; panel < count; panel++) {
                int columns = Math.min(width, n - panel * width);
                System.arraycopy(row, panel * width, packed, (panel * k + i) * width, columns);
            }
        }
        return packed;
    }
}
