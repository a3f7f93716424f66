/** Programs that are captured and rebuilt all the time. Outside the agent's own packages, which are not woven. */
@NullMarked
package dev.ingot.tortured;

import org.jspecify.annotations.NullMarked;
