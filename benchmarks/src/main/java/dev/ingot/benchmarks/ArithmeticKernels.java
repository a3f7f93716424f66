package dev.ingot.benchmarks;

/** Calls, loops and arrays of numbers. */
final class ArithmeticKernels {
    private static final int FIB = 30;
    private static final int MATRIX = 200;
    private static final int VECTOR = 1 << 20;
    private static final int BOARD = 9;

    private static final double[][] LEFT = matrix(3);
    private static final double[][] RIGHT = matrix(7);
    private static final float[] X = new float[VECTOR];
    private static final float[] Y = new float[VECTOR];

    private ArithmeticKernels() {}

    static long fib() {
        return fib(FIB);
    }

    private static long fib(int n) {
        return n < 2 ? n : fib(n - 1) + fib(n - 2);
    }

    private static double[][] matrix(int seed) {
        double[][] matrix = new double[MATRIX][MATRIX];
        for (int row = 0; row < MATRIX; row++) {
            for (int column = 0; column < MATRIX; column++) {
                matrix[row][column] = (row * seed + column) % 11;
            }
        }
        return matrix;
    }

    static long matmul() {
        double trace = 0;
        for (int row = 0; row < MATRIX; row++) {
            double[] product = new double[MATRIX];
            for (int inner = 0; inner < MATRIX; inner++) {
                double factor = LEFT[row][inner];
                for (int column = 0; column < MATRIX; column++) {
                    product[column] += factor * RIGHT[inner][column];
                }
            }
            trace += product[row];
        }
        return (long) trace;
    }

    static long saxpy() {
        for (int i = 0; i < VECTOR; i++) {
            Y[i] = 0.5f * X[i] + Y[i] + 1;
        }
        return (long) Y[VECTOR / 2];
    }

    static long queens() {
        return queens(0, 0, 0, 0);
    }

    private static long queens(int row, int columns, int rising, int falling) {
        if (row == BOARD) {
            return 1;
        }
        long solutions = 0;
        for (int column = 0; column < BOARD; column++) {
            int up = 1 << (row + column);
            int down = 1 << (row - column + BOARD);
            int here = 1 << column;
            if ((columns & here) == 0 && (rising & up) == 0 && (falling & down) == 0) {
                solutions += queens(row + 1, columns | here, rising | up, falling | down);
            }
        }
        return solutions;
    }
}
