package dev.ingot.accelerator.state;

import dev.ingot.accelerator.backend.DeviceDescriptor;
import java.util.List;

/**
 * The portable state of a device, taken while it stood at safe points. Immutable.
 *
 * @param format the form of this state, {@link #FORMAT}
 * @param takenOn the device
 * @param buffers all its buffers
 * @param commands the kernels that are not done, each queue's in its order
 */
public record DeviceState(
        int format, DeviceDescriptor takenOn, List<BufferState> buffers, List<CommandState> commands) {
    /** The present form. */
    public static final int FORMAT = 1;

    public DeviceState {
        buffers = List.copyOf(buffers);
        commands = List.copyOf(commands);
    }

    /** What the buffers take together. */
    public long bytes() {
        return buffers.stream().mapToLong(BufferState::bytes).sum();
    }
}
