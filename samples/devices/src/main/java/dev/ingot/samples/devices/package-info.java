/** Programs that compute on devices, and a backend for a device of one's own. */
@NullMarked
package dev.ingot.samples.devices;

import org.jspecify.annotations.NullMarked;
