/** A durable log of small records on the local disk, written in groups. */
@NullMarked
package dev.ingot.scheduler.journal;

import org.jspecify.annotations.NullMarked;
