package dev.ingot.accelerator.cpu;

/**
 * Better code for products of float matrices than plain Java. Found by {@link java.util.ServiceLoader}, so an implementation has a
 * public constructor without arguments. Thread-safe.
 */
public interface GemmKernel {

    /** Whether this JVM has what the code needs. */
    boolean isPossible();

    /** How many columns the second factor's panels have. */
    int panelWidth();

    /**
     * c = a · b. Each element of c begins with +0 and takes the inner index in ascending order with fused multiply-add.
     *
     * @param a row by row
     * @param panels the columns of b in panels of {@link #panelWidth} each, a panel row by row, the last one filled up with anything
     * @param c row by row
     * @param rows of a and c
     * @param n columns of b and c
     * @param k columns of a and rows of b
     */
    void multiply(float[] a, float[] panels, float[] c, int rows, int n, int k);
}
