package dev.ingot.accelerator.device;

import dev.ingot.accelerator.operation.Access;
import dev.ingot.accelerator.operation.Operand;
import dev.ingot.accelerator.operation.Operation;
import dev.ingot.accelerator.operation.Scalars;
import java.util.List;

/**
 * An operation with the buffers and numbers it is to work on.
 *
 * @param buffers one for each operand, in their order, all of one device
 * @param items the size of the index space
 */
public record Kernel(Operation operation, List<DeviceBuffer> buffers, Scalars scalars, long items) implements Command {

    /**
     * A kernel with an index space of a given size; {@link #of} asks the contract for it.
     *
     * @throws IllegalArgumentException if the buffers do not fit the operation
     */
    public Kernel {
        buffers = List.copyOf(buffers);
        if (buffers.size() != operation.operands().size()) {
            throw new IllegalArgumentException(operation + " takes " + operation.operands() + ", not " + buffers);
        }
        for (int i = 0; i < buffers.size(); i++) {
            requireFits(operation, i, buffers, scalars);
        }
    }

    /**
     * A kernel over all items.
     *
     * @throws IllegalArgumentException if buffers or numbers do not fit the operation
     */
    public static Kernel of(Operation operation, List<DeviceBuffer> buffers, Scalars scalars) {
        long items = operation.contract().items(scalars);
        if (items < 0) {
            throw new IllegalArgumentException(operation + " cannot have " + items + " items; scalars are " + scalars);
        }
        return new Kernel(operation, buffers, scalars, items);
    }

    private static void requireFits(Operation operation, int index, List<DeviceBuffer> buffers, Scalars scalars) {
        Operand operand = operation.operands().get(index);
        DeviceBuffer buffer = buffers.get(index);
        long needed = operation.bytes(index, scalars);
        if (needed < 0 || buffer.bytes() < needed) {
            throw new IllegalArgumentException("operand " + operand.name() + " of " + operation + " takes " + needed
                    + " bytes, but " + buffer + " has " + buffer.bytes());
        }
        for (int other = 0; other < buffers.size(); other++) {
            if (other != index && buffers.get(other) == buffer && operand.access() != Access.READ) {
                throw new IllegalArgumentException(
                        buffer + " cannot be operand " + operand.name() + " of " + operation + " and another one too");
            }
        }
    }

    @Override
    public String toString() {
        return operation + " on " + buffers + " with " + scalars;
    }
}
