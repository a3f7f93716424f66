package dev.ingot.tortured;

import org.jspecify.annotations.Nullable;

/** Operand stacks hold locals that change, constants, results, and objects whose constructors have not run. */
public final class ArgumentsAreComputedByCalls {
    private ArgumentsAreComputedByCalls() {}

    private record Node(
            @Nullable Node left, long value, @Nullable Node right) {
        long sum() {
            return value + (left == null ? 0 : left.sum()) + (right == null ? 0 : right.sum());
        }
    }

    public static void main(String[] arguments) {
        for (int round = 0; round < 30; round++) {
            int depth = 7;
            System.out.println(tree(depth--, round).sum() + mix(depth++, mix(depth, depth++), depth) + " "
                    + Work.steps(depth, 100) + mix(1, 2, depth));
        }
    }

    private static Node tree(int depth, int seed) {
        return depth == 0
                ? new Node(null, Work.steps(seed, 20_000), null)
                : new Node(tree(depth - 1, seed * 2), Work.steps(seed, 20_000), tree(depth - 1, seed * 2 + 1));
    }

    private static long mix(long... values) {
        long mixed = 17;
        for (long value : values) {
            mixed = mixed * 31 + (value > 5 ? Work.steps((int) value, 200) : value);
        }
        return mixed;
    }
}
