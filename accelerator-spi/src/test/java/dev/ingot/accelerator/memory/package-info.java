/** Tests of memory. */
@NullMarked
package dev.ingot.accelerator.memory;

import org.jspecify.annotations.NullMarked;
