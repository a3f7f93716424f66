/** The threads of Ingot itself in the JVM of a program. */
@NullMarked
package dev.ingot.agent.thread;

import org.jspecify.annotations.NullMarked;
