package dev.ingot.accelerator.state;

import dev.ingot.accelerator.backend.DeviceDescriptor;
import dev.ingot.accelerator.operation.Operation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The portable state of a device, taken while it stood at safe points. Immutable.
 *
 * @param format the form of this state, {@link #FORMAT}
 * @param takenOn the device
 * @param buffers all its buffers
 * @param commands the kernels that are not done, each queue's in its order
 * @param used what the device has been given to compute so far, each operation once
 * @param nativeBuild which devices can take over what the process that drives the device has on it; null if none can, or there is no
 *     such process
 */
public record DeviceState(
        int format,
        DeviceDescriptor takenOn,
        List<BufferState> buffers,
        List<CommandState> commands,
        List<Operation> used,
        @Nullable String nativeBuild) {
    /** The present form. */
    public static final int FORMAT = 1;

    public DeviceState {
        buffers = List.copyOf(buffers);
        commands = List.copyOf(commands);
        used = List.copyOf(used);
    }

    /** Whether the process that drives the device can take what is on it to that one, which no step in its middle is. */
    public boolean isMovableByDriver(DeviceDescriptor target) {
        return nativeBuild != null
                && nativeBuild.equals(target.nativeBuild())
                && target.provider().equals(takenOn.provider())
                && commands.stream().allMatch(command -> command.registers() == null);
    }

    /** What the buffers take together. */
    public long bytes() {
        return buffers.stream().mapToLong(BufferState::bytes).sum();
    }
}
