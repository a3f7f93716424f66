package dev.ingot.accelerator.state;

import dev.ingot.accelerator.backend.Registers;
import dev.ingot.accelerator.operation.Operation;
import org.jspecify.annotations.Nullable;

/**
 * A kernel within a state that is not done.
 *
 * @param queue its queue's name
 * @param operation what it computes
 * @param items the size of its index space
 * @param done the items before this one are computed
 * @param registers where the step that begins at {@code done} stands, or null if none has begun
 * @param nanosPerItem how long an item took on the device in its last step; of a step that was stopped in its middle, what was spent on
 *     it, for each of its items; 0 if none has begun
 */
public record CommandState(
        String queue,
        Operation operation,
        long items,
        long done,
        @Nullable Registers registers,
        double nanosPerItem) {

    /** A kernel of which no step was measured. */
    public CommandState(String queue, Operation operation, long items, long done, @Nullable Registers registers) {
        this(queue, operation, items, done, registers, 0);
    }

    /** The same, that stands at a safe point. */
    public CommandState(String queue, Operation operation, long items, long done) {
        this(queue, operation, items, done, null);
    }
}
