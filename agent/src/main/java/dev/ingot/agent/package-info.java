/**
 * The agent: its entry, which the JVM calls, and what starts from there.
 *
 * <p>{@link dev.ingot.agent.IngotAgent} and {@link dev.ingot.agent.AgentClassLoader} live in the program's class loader; every
 * other class of Ingot lives in an {@code AgentClassLoader} and cannot name these two.
 */
@NullMarked
package dev.ingot.agent;

import org.jspecify.annotations.NullMarked;
