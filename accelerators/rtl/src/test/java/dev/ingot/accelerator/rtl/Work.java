package dev.ingot.accelerator.rtl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.backend.DeviceMemory;
import dev.ingot.accelerator.backend.Registers;
import dev.ingot.accelerator.memory.HostMemory;
import dev.ingot.accelerator.operation.Operation;
import dev.ingot.accelerator.operation.Scalars;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** All items of an operation whose last operand is its result, with contents from a fixed seed. */
final class Work {
    private final Operation operation;
    private final Scalars scalars;
    final List<HostMemory> memories = new ArrayList<>();

    Work(Operation operation, Scalars scalars, int resultBytes) {
        this.operation = operation;
        this.scalars = scalars;
        Random random = new Random(20_260_512);
        for (int i = 0; i < operation.operands().size(); i++) {
            byte[] content = new byte[(int) operation.bytes(i, scalars)];
            random.nextBytes(content);
            HostMemory memory = HostMemory.allocate(content.length);
            memory.write(0, ByteBuffer.wrap(content));
            memories.add(memory);
        }
        assertThat(result().size()).isEqualTo(resultBytes);
    }

    Operation operation() {
        return operation;
    }

    Scalars scalars() {
        return scalars;
    }

    private HostMemory result() {
        return memories.get(memories.size() - 1);
    }

    List<CardOperand> operands() {
        return memories.stream().map(CardOperand::new).toList();
    }

    void reset() {
        result().write(0, ByteBuffer.allocate((int) result().size()));
    }

    /** Computes, or goes on, until that many questions whether to stop were asked; returns null if all items are done. */
    @Nullable Registers runUntil(CardBackend backend, @Nullable Registers from, int questions) throws DeviceFault {
        AtomicInteger asked = new AtomicInteger();
        return run(backend, from, () -> asked.incrementAndGet() >= questions);
    }

    /** How often it is asked whether to stop from there to the end. */
    int questionsTo(CardBackend backend, @Nullable Registers from) throws DeviceFault {
        AtomicInteger asked = new AtomicInteger();
        assertThat(run(backend, from, () -> asked.incrementAndGet() < 0)).isNull();
        return asked.get();
    }

    private @Nullable Registers run(CardBackend backend, @Nullable Registers from, BooleanSupplier isSuspended)
            throws DeviceFault {
        List<DeviceMemory> operands = memories.stream().map(backend::share).toList();
        return backend.compute(operation, operands, scalars, 0, items(), from, isSuspended);
    }

    long items() {
        return operation.contract().items(scalars);
    }

    void assertDone() {
        ByteBuffer computed = ByteBuffer.allocate((int) result().size());
        result().read(0, computed);
        reset();
        operation.contract().compute(memories, scalars, 0, items());
        ByteBuffer expected = ByteBuffer.allocate((int) result().size());
        result().read(0, expected);
        assertThat(computed.flip()).isEqualTo(expected.flip());
    }
}
