/** Tests of the weaver: what it makes must be accepted by the JVM, and do what it did before. */
@NullMarked
package dev.ingot.agent.weave;

import org.jspecify.annotations.NullMarked;
