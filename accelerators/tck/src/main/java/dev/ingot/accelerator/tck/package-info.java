/** The tests that every backend must pass. Extend {@link dev.ingot.accelerator.tck.BackendConformance}. */
@NullMarked
package dev.ingot.accelerator.tck;

import org.jspecify.annotations.NullMarked;
