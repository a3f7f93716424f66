package dev.ingot.accelerator.standard;

import dev.ingot.accelerator.memory.HostMemory;
import dev.ingot.accelerator.operation.Contract;
import dev.ingot.accelerator.operation.Scalars;
import java.util.List;

/**
 * Each of {@code rows} rows of {@code width} numbers becomes fma((x - mean) · inverse root of (variance + epsilon), scale, shift). Mean
 * and variance are sums in order, times the reciprocal of the width.
 */
final class LayerNorm implements Contract {

    @Override
    public long items(Scalars scalars) {
        return scalars.integer("rows");
    }

    @Override
    public long elements(int operand, Scalars scalars) {
        long width = scalars.integer("width");
        return operand == 1 || operand == 2 ? width : Math.multiplyExact(scalars.integer("rows"), width);
    }

    @Override
    public void compute(List<HostMemory> operands, Scalars scalars, long from, long to) {
        HostMemory in = operands.get(0);
        HostMemory scale = operands.get(1);
        HostMemory shift = operands.get(2);
        HostMemory out = operands.get(3);
        long width = scalars.integer("width");
        float share = Exact.reciprocal((float) width);
        for (long row = from; row < to; row++) {
            long begin = 4 * row * width;
            float sum = 0;
            for (long i = 0; i < width; i++) {
                sum += in.getFloat(begin + 4 * i);
            }
            float mean = sum * share;
            float squares = 0;
            for (long i = 0; i < width; i++) {
                float distance = in.getFloat(begin + 4 * i) - mean;
                squares = Math.fma(distance, distance, squares);
            }
            float factor = Exact.inverseRoot(Math.fma(squares, share, scalars.real("epsilon")));
            for (long i = 0; i < width; i++) {
                float normal = (in.getFloat(begin + 4 * i) - mean) * factor;
                out.putFloat(begin + 4 * i, Math.fma(normal, scale.getFloat(4 * i), shift.getFloat(4 * i)));
            }
        }
    }
}
