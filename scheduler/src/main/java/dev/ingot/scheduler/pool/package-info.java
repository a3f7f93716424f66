/**
 * The decision core: what the pool holds, and who runs where. A deterministic state machine with a single writer: time comes in
 * as an argument, nothing here reads a clock, does input or output, starts a thread or draws a random number. {@link
 * dev.ingot.scheduler.pool.Pool} takes {@link dev.ingot.scheduler.pool.Command commands} and answers with {@link
 * dev.ingot.scheduler.pool.Order orders} for nodes.
 */
@NullMarked
package dev.ingot.scheduler.pool;

import org.jspecify.annotations.NullMarked;
