/** What a device computes: operations as versioned contracts, each with a reference in Java. */
@NullMarked
package dev.ingot.accelerator.operation;

import org.jspecify.annotations.NullMarked;
