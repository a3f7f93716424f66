/** Tests of the samples for devices. */
@NullMarked
package dev.ingot.samples.devices;

import org.jspecify.annotations.NullMarked;
