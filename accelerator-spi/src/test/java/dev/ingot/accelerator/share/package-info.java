/** Tests of devices that several owners share. */
@NullMarked
package dev.ingot.accelerator.share;

import org.jspecify.annotations.NullMarked;
