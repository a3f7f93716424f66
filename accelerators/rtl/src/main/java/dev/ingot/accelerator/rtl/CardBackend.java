package dev.ingot.accelerator.rtl;

import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.backend.DeviceMemory;
import dev.ingot.accelerator.backend.NativeImage;
import dev.ingot.accelerator.backend.Registers;
import dev.ingot.accelerator.backend.ResidentBackend;
import dev.ingot.accelerator.backend.SharingBackend;
import dev.ingot.accelerator.backend.SuspendableBackend;
import dev.ingot.accelerator.memory.HostMemory;
import dev.ingot.accelerator.operation.KernelFormat;
import dev.ingot.accelerator.operation.Operation;
import dev.ingot.accelerator.operation.Scalars;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * An open card. What a step needs is copied to its memory before, unless it lies there already, and the results back afterwards, or when the
 * step is stopped.
 */
final class CardBackend implements SharingBackend, SuspendableBackend, ResidentBackend {
    /** Between two questions whether to stop; about a millisecond. */
    private static final int CYCLES = 4096;

    private final Map<String, Function> functions;
    private final String build;
    private final Card card;

    /**
     * A backend.
     *
     * @param functions by the identities of their operations
     * @param build of its native images
     */
    CardBackend(Map<String, Function> functions, String build, Card card) {
        this.functions = functions;
        this.build = build;
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
        return new CardOperand(memory);
    }

    @Override
    public boolean isResident() {
        return !card.isEmpty();
    }

    /** What a step brings and fetches is in proportion to its items. */
    @Override
    public long transferNanos() {
        return 0;
    }

    @Override
    public void evict() {
        card.forget();
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
        Start start = from == null ? () -> begin(job) : goingOn(job, operation, from, first, end);
        load(job.core(), operation);
        job.writeInputs(card);
        start.run();
        boolean canStop = true;
        Registers stopped = null;
        while (stopped == null && !card.run(CYCLES)) {
            if (canStop && isSuspended.getAsBoolean()) {
                stopped = capture(job, first, end);
                canStop = stopped != null;
            }
        }
        job.readResults(card);
        return stopped;
    }

    /** All levels that there are; null if there is none, and the core works on. */
    private @Nullable Registers capture(Job job, long first, long end) throws DeviceFault {
        ScanChain chain = job.core().chain();
        byte[] state = card.save();
        NativeImage image = state.length == 0 ? null : Snapshot.of(build, job, first, end, state);
        if (chain != null) {
            return new Registers(job.core().design(), first, end, card.capture(chain), image);
        }
        if (image == null) {
            return null;
        }
        card.reset();
        return new Registers(job.core().design(), first, end, Map.of(), image);
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
        List<CardOperand> memories =
                operands.stream().map(operand -> (CardOperand) operand).toList();
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

    /** What has a core that is loaded work on a job. */
    private interface Start {
        void run() throws DeviceFault;
    }

    /** Checks before anything is done to the card. */
    private Start goingOn(Job job, Operation operation, Registers from, long first, long end) throws DeviceFault {
        NativeImage image = from.nativeImage();
        ScanChain chain = job.core().chain();
        try {
            if (image != null) {
                byte[] state = Snapshot.state(image, build, job, first, end);
                return () -> {
                    job.writeResults(card);
                    card.restore(state);
                };
            }
            if (chain == null || !from.design().equals(job.core().design())) {
                throw rejection(operation + " cannot go on with registers of " + from.design() + ", the card has "
                        + job.core().design());
            }
            BitSet bits = chain.encode(from.values());
            return () -> {
                job.writeResults(card);
                card.restore(chain, bits);
            };
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
