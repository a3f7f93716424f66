package dev.ingot.accelerator.state;

import dev.ingot.accelerator.operation.Operation;

/**
 * A kernel within a state that is not done.
 *
 * @param queue its queue's name
 * @param operation what it computes
 * @param items the size of its index space
 * @param done the items before this one are computed
 */
public record CommandState(String queue, Operation operation, long items, long done) {}
