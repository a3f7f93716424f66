package dev.ingot.accelerator.backend;

import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.operation.Operation;
import dev.ingot.accelerator.operation.Scalars;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A backend that can stop a step before it is done, keep what the device holds, and go on from there: by the names of its registers on
 * this device or another one of the same design, by a {@link NativeImage} on one of the same build. Without it a capture waits until a step
 * is done.
 */
public interface SuspendableBackend extends Backend {

    /**
     * Computes items as {@link Backend#compute(Operation, List, Scalars, long, long)} does, unless it is stopped before.
     *
     * @param from where an earlier call for this step stopped, or null to begin. Its native image is of the build that the descriptor
     *     names and is what to go on from; where it has none, its design is one that the descriptor names for the operation. The operands
     *     are as that call left them
     * @param isSuspended whether to stop; asked often enough for a step to stop within some milliseconds
     * @return null if all items are done. Otherwise where the step stopped; what was written so far is in the operands
     * @throws DeviceFault if it could not be done; {@code STATE_REJECTED} with scope {@code COMMAND} if {@code from} is damaged or of another
     *     build, design or step, which is found out before the device is touched
     */
    @Nullable Registers compute(
            Operation operation,
            List<DeviceMemory> operands,
            Scalars scalars,
            long first,
            long end,
            @Nullable Registers from,
            BooleanSupplier isSuspended)
            throws DeviceFault;

    @Override
    default void compute(Operation operation, List<DeviceMemory> operands, Scalars scalars, long first, long end)
            throws DeviceFault {
        compute(operation, operands, scalars, first, end, null, () -> false);
    }

    /**
     * Says that steps are to stop, or no longer; for a backend that cannot ask, because what it waits for is elsewhere. Called by any
     * thread at any time.
     */
    default void suspend(boolean wanted) {}
}
