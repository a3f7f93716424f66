/** The processor as an accelerator. */
@NullMarked
package dev.ingot.accelerator.cpu;

import org.jspecify.annotations.NullMarked;
