package dev.ingot.integration.accelerator;

import dev.ingot.accelerator.memory.HostMemory;
import dev.ingot.accelerator.operation.Contract;
import dev.ingot.accelerator.operation.Scalars;
import java.io.File;
import java.util.List;

/** out[i] = a number that takes long to find, and longer while somebody has the program go slowly. */
final class SlowSum implements Contract {
    private static final File SLOW = new File(System.getProperty("pace.slow", "no such file"));

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
        for (long i = from; i < to; i++) {
            if (i == DeviceProgram.TELLING_ITEM) {
                System.out.println("in mid-kernel");
            }
            operands.get(1).putLong(8 * i, found(operands.get(0).getLong(8 * i)));
        }
    }

    private static long found(long seed) {
        long value = seed;
        for (int i = 0; i < 1000; i++) {
            value = value * 6364136223846793005L + 1442695040888963407L;
        }
        if (SLOW.exists()) {
            try {
                Thread.sleep(5);
            } catch (InterruptedException unexpected) {
                throw new IllegalStateException("nobody interrupts this program", unexpected);
            }
        }
        return value;
    }
}
