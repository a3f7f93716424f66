/** Tests of the kit itself. */
@NullMarked
package dev.ingot.accelerator.tck;

import org.jspecify.annotations.NullMarked;
