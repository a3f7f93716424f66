package dev.ingot.accelerator.operation;

import dev.ingot.accelerator.memory.HostMemory;
import java.util.List;

/**
 * What an operation means, in Java.
 *
 * <p>The work is an <em>index space</em> of items 0 to {@link #items}. Items are independent of each other: they may be computed in
 * any order, by many threads, and each range of them at any time. That is what lets a kernel stop between two items on one device
 * and go on with the next on another.
 *
 * <p>Implementations are immutable and safe for many threads. They become part of images, so they are best without fields.
 */
public interface Contract {

    /**
     * The size of the index space, at least 0.
     *
     * @throws IllegalArgumentException if the scalars make no sense
     */
    long items(Scalars scalars);

    /** How many elements the operand of this number must have at least. */
    long elements(int operand, Scalars scalars);

    /**
     * Computes the items from {@code from} (inclusive) to {@code to} (exclusive). Writes what belongs to these items and nothing
     * else.
     *
     * @param operands in the order of the operation's list, each large enough
     */
    void compute(List<HostMemory> operands, Scalars scalars, long from, long to);
}
