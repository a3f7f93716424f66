package dev.ingot.accelerator.standard;

import dev.ingot.accelerator.memory.HostMemory;
import dev.ingot.accelerator.operation.Contract;
import dev.ingot.accelerator.operation.Scalars;
import java.util.List;

/**
 * c[m,n] = a[m,k] · b[k,n] with bfloat16 factors and float sums; each sum begins with +0 and takes k in ascending order with fused
 * multiply-add. An item is a row.
 */
final class GemmBf16 implements Contract {

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
                float sum = 0;
                for (long i = 0; i < k; i++) {
                    sum = Math.fma(bf16(a, row * k + i), bf16(b, i * n + column), sum);
                }
                c.putFloat(4 * (row * n + column), sum);
            }
        }
    }

    private static float bf16(HostMemory memory, long index) {
        int bits = (memory.getByte(2 * index) & 0xff) | (memory.getByte(2 * index + 1) << 8);
        return Float.intBitsToFloat(bits << 16);
    }
}
