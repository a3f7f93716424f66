package dev.ingot.accelerator.tck;

import dev.ingot.accelerator.memory.HostMemory;
import dev.ingot.accelerator.operation.Access;
import dev.ingot.accelerator.operation.Contract;
import dev.ingot.accelerator.operation.Determinism;
import dev.ingot.accelerator.operation.ElementType;
import dev.ingot.accelerator.operation.KernelFormat;
import dev.ingot.accelerator.operation.Operand;
import dev.ingot.accelerator.operation.Operation;
import dev.ingot.accelerator.operation.Scalar;
import dev.ingot.accelerator.operation.Scalars;
import java.util.List;
import java.util.Map;

/** An operation that does not come back; only the end of the process it is computed in ends it. */
enum Endless implements Contract {
    INSTANCE;

    private static final String OPENCL_C = "__kernel void operation(__global int *out, const long n, const long first)"
            + " { __global volatile int *v = out; while (n > 0) { v[0] = v[0] + 1; } }";

    Operation operation() {
        return operation(KernelFormat.OPENCL_C, OPENCL_C);
    }

    Operation operation(KernelFormat format, String variant) {
        return new Operation(
                "endless",
                1,
                List.of(new Operand("out", ElementType.I32, Access.WRITE)),
                List.of(new Scalar("n", ElementType.I64)),
                Determinism.BITWISE_ANY_KIND,
                true,
                this,
                Map.of(format, variant));
    }

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
        while (true) {
            Thread.onSpinWait();
        }
    }
}
