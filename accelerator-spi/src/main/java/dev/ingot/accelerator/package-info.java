/** What an accelerator backend implements, so that the state of a device becomes part of an image. */
@NullMarked
package dev.ingot.accelerator;

import org.jspecify.annotations.NullMarked;
