package dev.ingot.accelerator.standard;

import dev.ingot.accelerator.memory.HostMemory;
import dev.ingot.accelerator.operation.Contract;
import dev.ingot.accelerator.operation.Scalars;
import java.util.List;

/** The FNV-1a hash (64 bits) of each of n records of {@code width} bytes. An item is a record. */
final class Fnv1a implements Contract {
    private static final long BASIS = 0xcbf29ce484222325L;
    private static final long PRIME = 0x100000001b3L;

    @Override
    public long items(Scalars scalars) {
        return scalars.integer("n");
    }

    @Override
    public long elements(int operand, Scalars scalars) {
        long n = scalars.integer("n");
        return operand == 0 ? Math.multiplyExact(n, scalars.integer("width")) : n;
    }

    @Override
    public void compute(List<HostMemory> operands, Scalars scalars, long from, long to) {
        long width = scalars.integer("width");
        for (long record = from; record < to; record++) {
            long hash = BASIS;
            for (long i = record * width; i < (record + 1) * width; i++) {
                hash = (hash ^ (operands.get(0).getByte(i) & 0xff)) * PRIME;
            }
            operands.get(1).putLong(8 * record, hash);
        }
    }
}
