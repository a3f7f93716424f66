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
 */
public record CommandState(
        String queue,
        Operation operation,
        long items,
        long done,
        @Nullable Registers registers) {

    /** A kernel that stands at a safe point. */
    public CommandState(String queue, Operation operation, long items, long done) {
        this(queue, operation, items, done, null);
    }
}
