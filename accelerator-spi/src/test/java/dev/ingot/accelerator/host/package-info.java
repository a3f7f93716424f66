/** Tests of states and plans. */
@NullMarked
package dev.ingot.accelerator.host;

import org.jspecify.annotations.NullMarked;
