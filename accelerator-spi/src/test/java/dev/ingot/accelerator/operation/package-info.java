/** Tests of states and plans. */
@NullMarked
package dev.ingot.accelerator.operation;

import org.jspecify.annotations.NullMarked;
