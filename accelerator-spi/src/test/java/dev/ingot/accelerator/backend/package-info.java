/** Tests of what backends give and take. */
@NullMarked
package dev.ingot.accelerator.backend;

import org.jspecify.annotations.NullMarked;
