package dev.ingot.integration.accelerator;

import dev.ingot.accelerator.memory.HostMemory;
import dev.ingot.accelerator.operation.Contract;
import dev.ingot.accelerator.operation.Scalars;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * out[i] = a number that takes long to find, and longer while there is a file {@code slow}: a millisecond for each byte, 5 at least. When it is well under way it makes a file
 * {@code told}. Both lie two directories above, because a device host knows nothing of its program but where it runs.
 */
public final class SlowSum implements Contract {
    public static final String SLOW = "slow";
    public static final String TOLD = "told";

    /** The same for OpenCL, but that it can be neither watched nor slowed. */
    static final String OPENCL_C = """
            __kernel void operation(__global const long *in, __global long *out, const long n, const long rounds,
                                    const long first) {
                const long i = first + (long) get_global_id(0);
                ulong value = (ulong) in[i];
                for (long round = 0; round < rounds; round++) {
                    value = value * 6364136223846793005UL + 1442695040888963407UL;
                }
                out[i] = (long) value;
            }
            """;

    private static final Path DIRECTORY = Path.of("..", "..");
    private static final long TELLING_ITEM = 100;

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
            if (i == TELLING_ITEM) {
                tell();
            }
            operands.get(1).putLong(8 * i, found(operands.get(0).getLong(8 * i), scalars.integer("rounds")));
        }
    }

    private static void tell() {
        try {
            Files.deleteIfExists(DIRECTORY.resolve(TOLD));
            Files.createFile(DIRECTORY.resolve(TOLD));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long found(long seed, long rounds) {
        long value = seed;
        for (long i = 0; i < rounds; i++) {
            value = value * 6364136223846793005L + 1442695040888963407L;
        }
        long slow = DIRECTORY.resolve(SLOW).toFile().length();
        if (slow > 0 || Files.exists(DIRECTORY.resolve(SLOW))) {
            try {
                Thread.sleep(Math.max(5, slow));
            } catch (InterruptedException unexpected) {
                throw new IllegalStateException("nobody interrupts this program", unexpected);
            }
        }
        return value;
    }
}
