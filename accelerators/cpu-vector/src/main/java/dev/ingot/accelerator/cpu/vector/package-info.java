/** What the CPU backend computes by the Vector API. */
@NullMarked
package dev.ingot.accelerator.cpu.vector;

import org.jspecify.annotations.NullMarked;
