/** The pool model and the decisions that share machines between workloads. */
@NullMarked
package dev.ingot.scheduler;

import org.jspecify.annotations.NullMarked;
