/** The agent's own logger, which shares nothing with the logging of the program it runs in. */
@NullMarked
package dev.ingot.agent.log;

import org.jspecify.annotations.NullMarked;
