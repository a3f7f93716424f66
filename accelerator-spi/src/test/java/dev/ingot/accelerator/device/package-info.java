/** Tests of devices over a backend that records what is done with it. */
@NullMarked
package dev.ingot.accelerator.device;

import org.jspecify.annotations.NullMarked;
