/** Tests of the configurable card. */
@NullMarked
package dev.ingot.accelerator.fpga;

import org.jspecify.annotations.NullMarked;
