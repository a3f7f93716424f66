/** The threads of Ingot itself in the JVM of a program. */
package dev.ingot.agent.thread;
