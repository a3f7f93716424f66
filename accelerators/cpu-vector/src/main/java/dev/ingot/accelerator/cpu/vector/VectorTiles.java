package dev.ingot.accelerator.cpu.vector;

import jdk.incubator.vector.FloatVector;

/**
 * A product in tiles of four rows and two vectors, whose sums stay in registers. A lane is an element of the product, so each sees the
 * same fused multiply-adds in the same order as in plain Java; that the inner index is cut into pieces, so that what a tile
 * reads stays in the nearest cache, changes nothing about it.
 *
 * <p>The kind of vectors is asked for anew each time, which costs nothing where this is compiled: a static field of this class would be
 * part of images, and belongs to one JVM.
 */
final class VectorTiles {
    /** Of eight rows the JIT would keep the sums in objects: the method is too large for it to see that they stay here. */
    private static final int ROWS = 4;

    /** How many inner indices at once. */
    private static final int DEPTH = 256;

    private VectorTiles() {}

    private static int lanes() {
        return FloatVector.SPECIES_PREFERRED.length();
    }

    static int panelWidth() {
        return 2 * lanes();
    }

    static void multiply(float[] a, float[] panels, float[] c, int rows, int n, int k) {
        int width = panelWidth();
        for (int begin = 0; begin < Math.max(1, k); begin += DEPTH) {
            int end = Math.min(k, begin + DEPTH);
            for (int column = 0; column < n; column += width) {
                int row = 0;
                for (; row + ROWS <= rows; row += ROWS) {
                    four(a, panels, c, row, column, n, k, begin, end);
                }
                for (; row < rows; row++) {
                    one(a, panels, c, row, column, n, k, begin, end);
                }
            }
        }
    }

    private static void four(
            float[] a, float[] panels, float[] c, int row, int column, int n, int k, int begin, int end) {
        int lanes = lanes();
        FloatVector left0 = sums(c, row, column, n, begin);
        FloatVector right0 = sums(c, row, column + lanes, n, begin);
        FloatVector left1 = sums(c, row + 1, column, n, begin);
        FloatVector right1 = sums(c, row + 1, column + lanes, n, begin);
        FloatVector left2 = sums(c, row + 2, column, n, begin);
        FloatVector right2 = sums(c, row + 2, column + lanes, n, begin);
        FloatVector left3 = sums(c, row + 3, column, n, begin);
        FloatVector right3 = sums(c, row + 3, column + lanes, n, begin);
        int at = column * k + begin * 2 * lanes;
        for (int i = row * k + begin; i < row * k + end; i++, at += 2 * lanes) {
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

    private static void one(
            float[] a, float[] panels, float[] c, int row, int column, int n, int k, int begin, int end) {
        int lanes = lanes();
        FloatVector left0 = sums(c, row, column, n, begin);
        FloatVector right0 = sums(c, row, column + lanes, n, begin);
        int at = column * k + begin * 2 * lanes;
        for (int i = row * k + begin; i < row * k + end; i++, at += 2 * lanes) {
            FloatVector left = FloatVector.fromArray(FloatVector.SPECIES_PREFERRED, panels, at);
            FloatVector right = FloatVector.fromArray(FloatVector.SPECIES_PREFERRED, panels, at + lanes);
            FloatVector factor = FloatVector.broadcast(FloatVector.SPECIES_PREFERRED, a[i]);
            left0 = factor.fma(left, left0);
            right0 = factor.fma(right, right0);
        }
        store(left0, right0, c, row, column, n);
    }

    /** The sums so far; what lies behind the last column is never stored. */
    private static FloatVector sums(float[] c, int row, int column, int n, int begin) {
        int present = n - column;
        if (begin == 0 || present <= 0) {
            return FloatVector.zero(FloatVector.SPECIES_PREFERRED);
        }
        return present >= lanes()
                ? FloatVector.fromArray(FloatVector.SPECIES_PREFERRED, c, row * n + column)
                : FloatVector.fromArray(
                        FloatVector.SPECIES_PREFERRED,
                        c,
                        row * n + column,
                        FloatVector.SPECIES_PREFERRED.indexInRange(0, present));
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
