/** Tests of the standard operations against what others published. */
@NullMarked
package dev.ingot.accelerator.standard;

import org.jspecify.annotations.NullMarked;
