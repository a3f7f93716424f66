package dev.ingot.accelerator.standard;

import dev.ingot.accelerator.memory.HostMemory;
import dev.ingot.accelerator.operation.Contract;
import dev.ingot.accelerator.operation.Scalars;
import java.util.List;

/**
 * out[filter, y, x] = sum of in[channel, y + i, x + j] · weights[filter, channel, i, j] where the filter lies within the input; each sum
 * begins with +0 and takes channel, i, j in ascending order with fused multiply-add. An item is a row of a filter's output.
 */
final class Convolution implements Contract {

    @Override
    public long items(Scalars scalars) {
        return Math.multiplyExact(scalars.integer("filters"), outputHeight(scalars));
    }

    private static long outputHeight(Scalars scalars) {
        return output("height", scalars);
    }

    private static long output(String side, Scalars scalars) {
        long size = scalars.integer("size");
        if (size < 1) {
            throw new IllegalArgumentException("a filter cannot have size " + size);
        }
        return Math.max(0, scalars.integer(side) - size + 1);
    }

    @Override
    public long elements(int operand, Scalars scalars) {
        long channels = scalars.integer("channels");
        long size = scalars.integer("size");
        return switch (operand) {
            case 0 ->
                Math.multiplyExact(channels, Math.multiplyExact(scalars.integer("height"), scalars.integer("width")));
            case 1 -> Math.multiplyExact(scalars.integer("filters"), channels * size * size);
            default -> Math.multiplyExact(items(scalars), output("width", scalars));
        };
    }

    @Override
    public void compute(List<HostMemory> operands, Scalars scalars, long from, long to) {
        HostMemory out = operands.get(2);
        long height = outputHeight(scalars);
        long width = output("width", scalars);
        for (long item = from; item < to; item++) {
            for (long x = 0; x < width; x++) {
                out.putFloat(4 * (item * width + x), sum(operands, scalars, item / height, item % height, x));
            }
        }
    }

    private static float sum(List<HostMemory> operands, Scalars scalars, long filter, long y, long x) {
        HostMemory in = operands.get(0);
        HostMemory weights = operands.get(1);
        long channels = scalars.integer("channels");
        long height = scalars.integer("height");
        long width = scalars.integer("width");
        long size = scalars.integer("size");
        float sum = 0;
        for (long channel = 0; channel < channels; channel++) {
            for (long i = 0; i < size; i++) {
                for (long j = 0; j < size; j++) {
                    float value = in.getFloat(4 * ((channel * height + y + i) * width + x + j));
                    float weight = weights.getFloat(4 * (((filter * channels + channel) * size + i) * size + j));
                    sum = Math.fma(value, weight, sum);
                }
            }
        }
        return sum;
    }
}
