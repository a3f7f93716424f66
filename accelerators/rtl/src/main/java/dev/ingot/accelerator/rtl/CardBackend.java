package dev.ingot.accelerator.rtl;

import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.backend.DeviceMemory;
import dev.ingot.accelerator.backend.Registers;
import dev.ingot.accelerator.backend.SharingBackend;
import dev.ingot.accelerator.backend.SuspendableBackend;
import dev.ingot.accelerator.memory.HostMemory;
import dev.ingot.accelerator.operation.KernelFormat;
import dev.ingot.accelerator.operation.Operation;
import dev.ingot.accelerator.operation.Scalars;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** An open card. What a step needs is copied to its memory before, and the results back afterwards, or when the step is stopped. */
final class CardBackend implements SharingBackend, SuspendableBackend {
    /** Between two questions whether to stop; about a millisecond. */
    private static final int CYCLES = 4096;

    private final Map<String, Function> functions;
    private final Card card;

    CardBackend(Map<String, Function> functions, Card card) {
        this.functions = functions;
        this.card = card;
    }

    @Override
    public DeviceMemory allocate(long bytes) throws DeviceFault {
        throw new DeviceFault(
                DeviceFault.Code.UNSUPPORTED,
                DeviceFault.Scope.COMMAND,
                "a card is driven from a device host, which shares memory");
    }

    @Override
    public DeviceMemory share(HostMemory memory) {
        return new Shared(memory);
    }

    private record Shared(HostMemory memory) implements DeviceMemory {
        @Override
        public long size() {
            return memory.size();
        }

        @Override
        public void write(long offset, ByteBuffer source) {
            memory.write(offset, source);
        }

        @Override
        public void read(long offset, ByteBuffer target) {
            memory.read(offset, target);
        }

        @Override
        public void close() {}
    }

    @Override
    public @Nullable Registers compute(
            Operation operation,
            List<DeviceMemory> operands,
            Scalars scalars,
            long first,
            long end,
            @Nullable Registers from,
            BooleanSupplier isSuspended)
            throws DeviceFault {
        Function function = function(operation);
        Job job = job(function, operation, operands, scalars, first, end);
        load(job.core(), operation);
        job.writeInputs(card);
        ScanChain chain = job.core().chain();
        if (from == null) {
            begin(job);
        } else {
            goOn(job, operation, chain, from);
        }
        boolean isStopped = false;
        while (!isStopped && !card.run(CYCLES)) {
            isStopped = chain != null && isSuspended.getAsBoolean();
        }
        job.readResults(card);
        return chain != null && isStopped ? new Registers(job.core().design(), first, end, card.capture(chain)) : null;
    }

    private Function function(Operation operation) throws DeviceFault {
        Function known = functions.get(operation.identity());
        if (known != null) {
            return known;
        }
        if (operation.variants().containsKey(KernelFormat.BITSTREAM)) {
            return Function.own(operation);
        }
        throw refusal(operation + " is not among " + functions.keySet() + " and brings no circuit");
    }

    /** The card is well though a program's own circuit is not. */
    private void load(Core core, Operation operation) throws DeviceFault {
        try {
            card.load(core);
        } catch (DeviceFault failed) {
            if (failed.code() != DeviceFault.Code.COMPILE) {
                throw failed;
            }
            throw new DeviceFault(
                    failed.code(),
                    DeviceFault.Scope.COMMAND,
                    false,
                    "the circuit of " + operation + ": " + failed.getMessage(),
                    failed.evidence(),
                    failed);
        }
    }

    private Job job(
            Function function, Operation operation, List<DeviceMemory> operands, Scalars scalars, long first, long end)
            throws DeviceFault {
        List<HostMemory> memories =
                operands.stream().map(operand -> ((Shared) operand).memory()).toList();
        try {
            Job job = function.job(memories, scalars, first, end);
            if (job.memoryBytes() <= card.memoryBytes()) {
                return job;
            }
            throw refusal("items " + first + " to " + end + " of " + operation + " take " + job.memoryBytes()
                    + " bytes, and the card has " + card.memoryBytes());
        } catch (ArithmeticException tooLarge) {
            throw refusal(operation + " with " + scalars + " is too large for the card");
        }
    }

    private void begin(Job job) throws DeviceFault {
        int[] arguments = job.arguments();
        for (int i = 0; i < arguments.length; i++) {
            card.write(Card.ARGUMENTS + 4 * i, arguments[i]);
        }
        card.write(Card.CONTROL, Card.START);
    }

    private void goOn(Job job, Operation operation, @Nullable ScanChain chain, Registers from) throws DeviceFault {
        if (chain == null || !from.design().equals(job.core().design())) {
            throw rejection(operation + " cannot go on with registers of " + from.design() + ", the card has "
                    + job.core().design());
        }
        job.writeResults(card);
        try {
            card.restore(chain, from.values());
        } catch (IllegalArgumentException wrong) {
            throw rejection(operation + " cannot go on: " + wrong.getMessage());
        }
    }

    private static DeviceFault refusal(String message) {
        return new DeviceFault(DeviceFault.Code.UNSUPPORTED, DeviceFault.Scope.COMMAND, message);
    }

    private static DeviceFault rejection(String message) {
        return new DeviceFault(DeviceFault.Code.STATE_REJECTED, DeviceFault.Scope.COMMAND, message);
    }

    @Override
    public void close() {
        card.close();
    }
}
