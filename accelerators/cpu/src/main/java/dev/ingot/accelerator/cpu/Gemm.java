package dev.ingot.accelerator.cpu;

import dev.ingot.accelerator.memory.HostMemory;
import dev.ingot.accelerator.operation.Scalars;
import java.util.List;

/**
 * A matrix product row by row: row of c += element of a · row of b, for which the JIT makes vector code where the rows are arrays of
 * their own. Each element of c sees the same fused multiply-adds in the same order as in the reference.
 */
final class Gemm implements Range {
    /** Larger factors are left to the reference, which needs no copy of them. */
    private static final long MOST_ELEMENTS = 1L << 28;

    private final HostMemory a;
    private final HostMemory c;
    private final int n;
    private final int k;
    private final float[][] rowsOfB;

    Gemm(List<HostMemory> operands, Scalars scalars) {
        a = operands.get(0);
        c = operands.get(2);
        n = (int) scalars.integer("n");
        k = (int) scalars.integer("k");
        rowsOfB = new float[k][n];
        for (int i = 0; i < k; i++) {
            operands.get(1).getFloats(4L * i * n, rowsOfB[i]);
        }
    }

    static boolean fits(Scalars scalars) {
        long n = scalars.integer("n");
        long k = scalars.integer("k");
        return n <= MOST_ELEMENTS && k <= MOST_ELEMENTS && n * k <= MOST_ELEMENTS;
    }

    @Override
    public void compute(long from, long to) {
        float[] rowOfA = new float[k];
        for (long row = from; row < to; row++) {
            float[] sums = new float[n];
            a.getFloats(4 * row * k, rowOfA);
            int i = 0;
            for (; i + 3 < k; i += 4) {
                addFour(sums, rowOfA, i);
            }
            for (; i < k; i++) {
                addOne(sums, rowOfA[i], rowsOfB[i]);
            }
            c.putFloats(4 * row * n, sums);
        }
    }

    private void addFour(float[] sums, float[] factors, int first) {
        float f0 = factors[first];
        float f1 = factors[first + 1];
        float f2 = factors[first + 2];
        float f3 = factors[first + 3];
        float[] r0 = rowsOfB[first];
        float[] r1 = rowsOfB[first + 1];
        float[] r2 = rowsOfB[first + 2];
        float[] r3 = rowsOfB[first + 3];
        for (int j = 0; j < sums.length; j++) {
            sums[j] = Math.fma(f3, r3[j], Math.fma(f2, r2[j], Math.fma(f1, r1[j], Math.fma(f0, r0[j], sums[j]))));
        }
    }

    private static void addOne(float[] sums, float factor, float[] row) {
        for (int j = 0; j < sums.length; j++) {
            sums[j] = Math.fma(factor, row[j], sums[j]);
        }
    }
}
