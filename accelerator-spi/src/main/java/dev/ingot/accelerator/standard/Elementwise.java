package dev.ingot.accelerator.standard;

import dev.ingot.accelerator.memory.HostMemory;
import dev.ingot.accelerator.operation.Contract;
import dev.ingot.accelerator.operation.Scalars;
import java.util.List;

/** out[i] = f(x[i], y[i]) for n elements. An item is an element. */
enum Elementwise implements Contract {
    /** x + y. */
    ADD {
        @Override
        float apply(float x, float y, Scalars scalars) {
            return x + y;
        }
    },
    /** x · y. */
    MULTIPLY {
        @Override
        float apply(float x, float y, Scalars scalars) {
            return x * y;
        }
    },
    /** alpha · x + y, fused. */
    AXPY {
        @Override
        float apply(float x, float y, Scalars scalars) {
            return Math.fma(scalars.real("alpha"), x, y);
        }
    };

    abstract float apply(float x, float y, Scalars scalars);

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
        HostMemory x = operands.get(0);
        HostMemory y = operands.get(1);
        HostMemory out = operands.get(2);
        for (long i = from; i < to; i++) {
            out.putFloat(4 * i, apply(x.getFloat(4 * i), y.getFloat(4 * i), scalars));
        }
    }
}
