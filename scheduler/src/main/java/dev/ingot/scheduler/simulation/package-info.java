/**
 * The decision core on a virtual clock: nodes are played, time jumps from event to event, and what a trace of a real cluster would have
 * become is written down. The same trace gives the same result to the byte.
 */
@NullMarked
package dev.ingot.scheduler.simulation;

import org.jspecify.annotations.NullMarked;
