/** Configurable logic as an accelerator. */
@NullMarked
package dev.ingot.accelerator.fpga;

import org.jspecify.annotations.NullMarked;
