/**
 * Carries connections from the stable addresses of services to wherever their workloads run now: bytes, both ways, without looking at
 * them. What waits, and for how long, is bounded; what cannot be kept is closed by a reset, so that nobody takes it for an end.
 */
@NullMarked
package dev.ingot.scheduler.forward;

import org.jspecify.annotations.NullMarked;
