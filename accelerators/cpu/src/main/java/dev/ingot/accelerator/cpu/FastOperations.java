package dev.ingot.accelerator.cpu;

import dev.ingot.accelerator.memory.HostMemory;
import dev.ingot.accelerator.operation.Operation;
import dev.ingot.accelerator.operation.Scalars;
import dev.ingot.accelerator.standard.StandardOperations;
import java.util.List;

/** Knows better code than the reference for some operations; to the bit the same results. */
final class FastOperations {

    private FastOperations() {}

    static Range prepare(Operation operation, List<HostMemory> operands, Scalars scalars) {
        if (operation.identity().equals(StandardOperations.GEMM_F32.identity()) && Gemm.fits(scalars)) {
            return new Gemm(operands, scalars);
        }
        return (from, to) -> operation.contract().compute(operands, scalars, from, to);
    }
}
