package dev.ingot.accelerator.standard;

import dev.ingot.accelerator.memory.HostMemory;
import dev.ingot.accelerator.operation.Contract;
import dev.ingot.accelerator.operation.Scalars;
import java.util.List;

/**
 * One step of a five-point stencil on a grid of {@code height} rows and {@code width} columns: the border stays as it is, any other
 * point becomes fma(side, ((north + south) + west) + east, centre · point). An item is a row.
 */
final class Stencil2d implements Contract {

    @Override
    public long items(Scalars scalars) {
        return scalars.integer("height");
    }

    @Override
    public long elements(int operand, Scalars scalars) {
        return Math.multiplyExact(scalars.integer("height"), scalars.integer("width"));
    }

    @Override
    public void compute(List<HostMemory> operands, Scalars scalars, long from, long to) {
        HostMemory in = operands.get(0);
        HostMemory out = operands.get(1);
        long height = scalars.integer("height");
        long width = scalars.integer("width");
        float centre = scalars.real("centre");
        float side = scalars.real("side");
        for (long row = from; row < to; row++) {
            for (long column = 0; column < width; column++) {
                long at = 4 * (row * width + column);
                float value = in.getFloat(at);
                if (row > 0 && row < height - 1 && column > 0 && column < width - 1) {
                    float sides = in.getFloat(at - 4 * width) + in.getFloat(at + 4 * width);
                    sides = sides + in.getFloat(at - 4) + in.getFloat(at + 4);
                    value = Math.fma(side, sides, centre * value);
                }
                out.putFloat(at, value);
            }
        }
    }
}
