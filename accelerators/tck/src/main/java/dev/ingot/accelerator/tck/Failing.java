package dev.ingot.accelerator.tck;

import dev.ingot.accelerator.memory.HostMemory;
import dev.ingot.accelerator.operation.Contract;
import dev.ingot.accelerator.operation.Scalars;
import java.util.List;

/** What an operation means that cannot be computed. */
enum Failing implements Contract {
    INSTANCE;

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
        throw new IllegalStateException("this operation always fails");
    }
}
