/** Tests of states and plans. */
@NullMarked
package dev.ingot.accelerator.state;

import org.jspecify.annotations.NullMarked;
