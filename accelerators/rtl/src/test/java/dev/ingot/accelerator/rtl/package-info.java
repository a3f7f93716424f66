/** Tests of the card itself. */
@NullMarked
package dev.ingot.accelerator.rtl;

import org.jspecify.annotations.NullMarked;
