package dev.ingot.accelerator.standard;

import dev.ingot.accelerator.memory.HostMemory;
import dev.ingot.accelerator.operation.Contract;
import dev.ingot.accelerator.operation.Scalars;
import java.util.List;

/**
 * Random bits by Philox 4x32 with ten rounds (Salmon and others, "Parallel random numbers: as easy as 1, 2, 3", 2011). Item i
 * writes the four ints of the counter {@code counter + i}, whose upper 64 bits are {@code stream}. The counter is all the state
 * there is.
 */
final class Philox implements Contract {
    private static final int ROUNDS = 10;

    @Override
    public long items(Scalars scalars) {
        return scalars.integer("blocks");
    }

    @Override
    public long elements(int operand, Scalars scalars) {
        return Math.multiplyExact(4, scalars.integer("blocks"));
    }

    @Override
    public void compute(List<HostMemory> operands, Scalars scalars, long from, long to) {
        long key = scalars.integer("key");
        long stream = scalars.integer("stream");
        for (long i = from; i < to; i++) {
            int[] words = block(scalars.integer("counter") + i, stream, key);
            for (int word = 0; word < words.length; word++) {
                operands.get(0).putInt(4 * (4 * i + word), words[word]);
            }
        }
    }

    static int[] block(long counter, long stream, long key) {
        int x0 = (int) counter;
        int x1 = (int) (counter >>> 32);
        int x2 = (int) stream;
        int x3 = (int) (stream >>> 32);
        int k0 = (int) key;
        int k1 = (int) (key >>> 32);
        for (int round = 0; round < ROUNDS; round++) {
            long first = (x0 & 0xffffffffL) * 0xD2511F53L;
            long second = (x2 & 0xffffffffL) * 0xCD9E8D57L;
            int y0 = (int) (second >>> 32) ^ x1 ^ k0;
            int y2 = (int) (first >>> 32) ^ x3 ^ k1;
            x1 = (int) second;
            x3 = (int) first;
            x0 = y0;
            x2 = y2;
            k0 += 0x9E3779B9;
            k1 += 0xBB67AE85;
        }
        return new int[] {x0, x1, x2, x3};
    }
}
