/** A durable log of small records, written in groups, in a directory or wherever else files can be kept. */
@NullMarked
package dev.ingot.scheduler.journal;

import org.jspecify.annotations.NullMarked;
