package dev.ingot.accelerator.cpu.vector;

import jdk.incubator.vector.FloatVector;

/**
 * A product in tiles of four rows and two vectors, whose sums stay in registers. A lane is an element of the product, so each sees the
 * same fused multiply-adds in the same order as in plain Java.
 *
 * <p>The kind of vectors is asked for anew each time, which costs nothing where this is compiled: a static field of this class would be
 * part of images, and belongs to one JVM.
 */
final class VectorTiles {
    private static final int ROWS = 4;

    private VectorTiles() {}

    private static int lanes() {
        return FloatVector.SPECIES_PREFERRED.length();
    }

    static int panelWidth() {
        return 2 * lanes();
    }

    static void multiply(float[] a, float[] panels, float[] c, int rows, int n, int k) {
        int width = panelWidth();
        for (int column = 0; column < n; column += width) {
            int row = 0;
            for (; row + ROWS <= rows; row += ROWS) {
                four(a, panels, c, row, column, n, k);
            }
            for (; row < rows; row++) {
                one(a, panels, c, row, column, n, k);
            }
        }
    }

    private static void four(float[] a, float[] panels, float[] c, int row, int column, int n, int k) {
        int lanes = lanes();
        FloatVector left0 = FloatVector.zero(FloatVector.SPECIES_PREFERRED);
        FloatVector right0 = left0;
        FloatVector left1 = left0;
        FloatVector right1 = left0;
        FloatVector left2 = left0;
        FloatVector right2 = left0;
        FloatVector left3 = left0;
        FloatVector right3 = left0;
        int at = column * k;
        for (int i = row * k; i < (row + 1) * k; i++, at += 2 * lanes) {
            FloatVector left = FloatVector.fromArray(FloatVector.SPECIES_PREFERRED, panels, at);
            FloatVector right = FloatVector.fromArray(FloatVector.SPECIES_PREFERRED, panels, at + lanes);
            FloatVector factor = FloatVector.broadcast(FloatVector.SPECIES_PREFERRED, a[i]);
            left0 = factor.fma(left, left0);
            right0 = factor.fma(right, right0);
            factor = FloatVector.broadcast(FloatVector.SPECIES_PREFERRED, a[i + k]);
            left1 = factor.fma(left, left1);
            right1 = factor.fma(right, right1);
            factor = FloatVector.broadcast(FloatVector.SPECIES_PREFERRED, a[i + 2 * k]);
            left2 = factor.fma(left, left2);
            right2 = factor.fma(right, right2);
            factor = FloatVector.broadcast(FloatVector.SPECIES_PREFERRED, a[i + 3 * k]);
            left3 = factor.fma(left, left3);
            right3 = factor.fma(right, right3);
        }
        store(left0, right0, c, row, column, n);
        store(left1, right1, c, row + 1, column, n);
        store(left2, right2, c, row + 2, column, n);
        store(left3, right3, c, row + 3, column, n);
    }

    private static void one(float[] a, float[] panels, float[] c, int row, int column, int n, int k) {
        int lanes = lanes();
        FloatVector left = FloatVector.zero(FloatVector.SPECIES_PREFERRED);
        FloatVector right = left;
        int at = column * k;
        for (int i = row * k; i < (row + 1) * k; i++, at += 2 * lanes) {
            FloatVector factor = FloatVector.broadcast(FloatVector.SPECIES_PREFERRED, a[i]);
            left = factor.fma(FloatVector.fromArray(FloatVector.SPECIES_PREFERRED, panels, at), left);
            right = factor.fma(FloatVector.fromArray(FloatVector.SPECIES_PREFERRED, panels, at + lanes), right);
        }
        store(left, right, c, row, column, n);
    }

    private static void store(FloatVector left, FloatVector right, float[] c, int row, int column, int n) {
        store(left, c, row, column, n);
        store(right, c, row, column + lanes(), n);
    }

    private static void store(FloatVector sums, float[] c, int row, int column, int n) {
        int present = n - column;
        if (present >= lanes()) {
            sums.intoArray(c, row * n + column);
        } else if (present > 0) {
            sums.intoArray(c, row * n + column, FloatVector.SPECIES_PREFERRED.indexInRange(0, present));
        }
    }
}
