/** Ordinary programs. They know nothing of Ingot: that is what they are for. */
@NullMarked
package dev.ingot.samples;

import org.jspecify.annotations.NullMarked;
