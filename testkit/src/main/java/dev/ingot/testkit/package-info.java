/** Programs in JVMs of their own: started, checkpointed, killed, resumed, and what they did until their end. */
@NullMarked
package dev.ingot.testkit;

import org.jspecify.annotations.NullMarked;
