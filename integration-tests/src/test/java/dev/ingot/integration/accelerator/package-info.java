/** Programs that compute on devices, and their passage through images. */
@NullMarked
package dev.ingot.integration.accelerator;

import org.jspecify.annotations.NullMarked;
