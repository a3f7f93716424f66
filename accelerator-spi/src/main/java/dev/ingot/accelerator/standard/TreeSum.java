package dev.ingot.accelerator.standard;

import dev.ingot.accelerator.memory.HostMemory;
import dev.ingot.accelerator.operation.Contract;
import dev.ingot.accelerator.operation.Scalars;
import java.util.List;

/**
 * Sums of blocks of 256 floats, the last block being as short as it is. Within a block neighbours are added, then neighbours among
 * these sums, and so on; what has no right neighbour goes up as it is. An item is a block.
 */
final class TreeSum implements Contract {
    static final int BLOCK = 256;

    @Override
    public long items(Scalars scalars) {
        return (scalars.integer("n") + BLOCK - 1) / BLOCK;
    }

    @Override
    public long elements(int operand, Scalars scalars) {
        return operand == 0 ? scalars.integer("n") : items(scalars);
    }

    @Override
    public void compute(List<HostMemory> operands, Scalars scalars, long from, long to) {
        long n = scalars.integer("n");
        for (long block = from; block < to; block++) {
            float[] sums = new float[(int) Math.min(BLOCK, n - block * BLOCK)];
            operands.get(0).getFloats(4 * block * BLOCK, sums);
            for (int distance = 1; distance < sums.length; distance *= 2) {
                for (int i = 0; i + distance < sums.length; i += 2 * distance) {
                    sums[i] += sums[i + distance];
                }
            }
            operands.get(1).putFloat(4 * block, sums[0]);
        }
    }
}
