package dev.ingot.accelerator.cpu;

import dev.ingot.accelerator.memory.HostMemory;
import dev.ingot.accelerator.operation.Access;
import dev.ingot.accelerator.operation.Contract;
import dev.ingot.accelerator.operation.Determinism;
import dev.ingot.accelerator.operation.ElementType;
import dev.ingot.accelerator.operation.Operand;
import dev.ingot.accelerator.operation.Operation;
import dev.ingot.accelerator.operation.Scalar;
import dev.ingot.accelerator.operation.Scalars;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;

/**
 * Operations that add to n numbers, and can be watched and held through a directory named by their first operand: at item 500 they
 * write their process to the file {@code process} and do not go on while there is a file {@code hold}.
 */
enum Watched implements Contract {
    /** out[i] = in[i] + 1. */
    APART(true, Access.WRITE),
    /** out[i] = out[i] + in[i] + 1; cannot be done twice. */
    IN_PLACE(false, Access.READ_WRITE);

    static final int NAME_BYTES = 1024;
    static final String HOLD = "hold";
    static final String PROCESS = "process";

    private static final long TELLING = 500;
    private static final long TURN_MILLIS = 5;

    private final boolean restartable;
    private final Access access;

    Watched(boolean restartable, Access access) {
        this.restartable = restartable;
        this.access = access;
    }

    Operation operation() {
        return new Operation(
                "watched." + name(),
                1,
                List.of(
                        new Operand("directory", ElementType.I8, Access.READ),
                        new Operand("in", ElementType.I64, Access.READ),
                        new Operand("out", ElementType.I64, access)),
                List.of(new Scalar("n", ElementType.I64)),
                Determinism.BITWISE_ANY_KIND,
                restartable,
                this,
                Map.of());
    }

    @Override
    public long items(Scalars scalars) {
        return scalars.integer("n");
    }

    @Override
    public long elements(int operand, Scalars scalars) {
        return operand == 0 ? NAME_BYTES : scalars.integer("n");
    }

    @Override
    public void compute(List<HostMemory> operands, Scalars scalars, long from, long to) {
        HostMemory out = operands.get(2);
        for (long i = from; i < to; i++) {
            out.putLong(
                    8 * i,
                    (restartable ? 0 : out.getLong(8 * i)) + operands.get(1).getLong(8 * i) + 1);
            if (i == TELLING) {
                tellAndHold(operands.get(0));
            }
        }
    }

    private static void tellAndHold(HostMemory name) {
        ByteBuffer bytes = ByteBuffer.allocate(NAME_BYTES);
        name.read(0, bytes);
        Path directory = Path.of(new String(bytes.array(), StandardCharsets.UTF_8).trim());
        try {
            Path written = Files.writeString(
                    directory.resolve(PROCESS + ".new"),
                    Long.toString(ProcessHandle.current().pid()));
            Files.move(written, directory.resolve(PROCESS), StandardCopyOption.ATOMIC_MOVE);
            while (Files.exists(directory.resolve(HOLD))) {
                Thread.sleep(TURN_MILLIS);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException unexpected) {
            throw new IllegalStateException("nobody interrupts this", unexpected);
        }
    }
}
