/** A fixed circuit as an accelerator. */
@NullMarked
package dev.ingot.accelerator.asic;

import org.jspecify.annotations.NullMarked;
