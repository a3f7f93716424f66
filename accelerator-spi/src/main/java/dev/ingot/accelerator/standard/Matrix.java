package dev.ingot.accelerator.standard;

import dev.ingot.accelerator.operation.Scalars;

/** Shapes of a matrix product. */
final class Matrix {

    private Matrix() {}

    static long elements(int operand, Scalars scalars) {
        long m = scalars.integer("m");
        long n = scalars.integer("n");
        long k = scalars.integer("k");
        return switch (operand) {
            case 0 -> Math.multiplyExact(m, k);
            case 1 -> Math.multiplyExact(k, n);
            default -> Math.multiplyExact(m, n);
        };
    }
}
