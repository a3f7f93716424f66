/** Tests of the fixed card. */
@NullMarked
package dev.ingot.accelerator.asic;

import org.jspecify.annotations.NullMarked;
