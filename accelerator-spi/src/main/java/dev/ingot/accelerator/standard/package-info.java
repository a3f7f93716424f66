/** The operations that every backend is tested against. */
@NullMarked
package dev.ingot.accelerator.standard;

import org.jspecify.annotations.NullMarked;
