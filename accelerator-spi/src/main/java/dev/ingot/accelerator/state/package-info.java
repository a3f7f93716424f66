/** The portable state of a device, and the plan for bringing it to another one. */
@NullMarked
package dev.ingot.accelerator.state;

import org.jspecify.annotations.NullMarked;
