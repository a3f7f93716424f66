package dev.ingot.accelerator.standard;

import dev.ingot.accelerator.memory.HostMemory;
import dev.ingot.accelerator.operation.Contract;
import dev.ingot.accelerator.operation.Scalars;
import java.util.List;

/**
 * One pass of a merge sort: the input consists of ascending runs of {@code width} ints, the last one being as short as it is; the
 * output of runs twice as long. An item is one output element, found by a binary search for its place in the two runs.
 */
final class MergePass implements Contract {

    @Override
    public long items(Scalars scalars) {
        return scalars.integer("n");
    }

    @Override
    public long elements(int operand, Scalars scalars) {
        return scalars.integer("n");
    }

    @Override
    public void compute(List<HostMemory> operands, Scalars scalars, long from, long to) {
        HostMemory in = operands.get(0);
        HostMemory out = operands.get(1);
        long n = scalars.integer("n");
        long width = scalars.integer("width");
        for (long i = from; i < to; i++) {
            long left = i / (2 * width) * (2 * width);
            long right = Math.min(left + width, n);
            long end = Math.min(left + 2 * width, n);
            out.putInt(4 * i, element(in, left, right, end, i - left));
        }
    }

    /** The element of rank {@code rank} of the runs [left, right) and [right, end) together. */
    private static int element(HostMemory in, long left, long right, long end, long rank) {
        long low = Math.max(0, rank - (end - right));
        long high = Math.min(rank, right - left);
        while (low < high) {
            long taken = (low + high) / 2;
            if (in.getInt(4 * (left + taken)) <= in.getInt(4 * (right + rank - taken - 1))) {
                low = taken + 1;
            } else {
                high = taken;
            }
        }
        long other = right + rank - low;
        boolean isFromLeft =
                left + low < right && (other >= end || in.getInt(4 * (left + low)) <= in.getInt(4 * other));
        return in.getInt(4 * (isFromLeft ? left + low : other));
    }
}
