package dev.ingot.accelerator.standard;

import dev.ingot.accelerator.memory.HostMemory;
import dev.ingot.accelerator.operation.Contract;
import dev.ingot.accelerator.operation.Scalars;
import java.util.List;

/** Each of {@code rows} rows of {@code width} numbers becomes exp(x - largest) times the reciprocal of the sum of these, in order. */
final class Softmax implements Contract {

    @Override
    public long items(Scalars scalars) {
        return scalars.integer("rows");
    }

    @Override
    public long elements(int operand, Scalars scalars) {
        return Math.multiplyExact(scalars.integer("rows"), scalars.integer("width"));
    }

    @Override
    public void compute(List<HostMemory> operands, Scalars scalars, long from, long to) {
        HostMemory in = operands.get(0);
        HostMemory out = operands.get(1);
        long width = scalars.integer("width");
        for (long row = from; row < to; row++) {
            long begin = 4 * row * width;
            float largest = Float.NEGATIVE_INFINITY;
            for (long i = 0; i < width; i++) {
                float value = in.getFloat(begin + 4 * i);
                largest = value > largest ? value : largest;
            }
            float sum = 0;
            for (long i = 0; i < width; i++) {
                sum += Exact.exp(in.getFloat(begin + 4 * i) - largest);
            }
            float factor = Exact.reciprocal(sum);
            for (long i = 0; i < width; i++) {
                out.putFloat(begin + 4 * i, Exact.exp(in.getFloat(begin + 4 * i) - largest) * factor);
            }
        }
    }
}
