/** What goes over the pool's socket and into its journal, as JSON, and where these are. */
@NullMarked
package dev.ingot.scheduler.wire;

import org.jspecify.annotations.NullMarked;
