package dev.ingot.accelerator.standard;

import dev.ingot.accelerator.memory.HostMemory;
import dev.ingot.accelerator.operation.Contract;
import dev.ingot.accelerator.operation.Scalars;
import java.util.List;

/** c[m,n] = a[m,k] · b[k,n] with 8-bit factors and 32-bit sums that wrap around. An item is a row. */
final class GemmI8 implements Contract {

    @Override
    public long items(Scalars scalars) {
        return scalars.integer("m");
    }

    @Override
    public long elements(int operand, Scalars scalars) {
        return Matrix.elements(operand, scalars);
    }

    @Override
    public void compute(List<HostMemory> operands, Scalars scalars, long from, long to) {
        HostMemory a = operands.get(0);
        HostMemory b = operands.get(1);
        HostMemory c = operands.get(2);
        long n = scalars.integer("n");
        long k = scalars.integer("k");
        for (long row = from; row < to; row++) {
            for (long column = 0; column < n; column++) {
                int sum = 0;
                for (long i = 0; i < k; i++) {
                    sum += a.getByte(row * k + i) * b.getByte(i * n + column);
                }
                c.putInt(4 * (row * n + column), sum);
            }
        }
    }
}
