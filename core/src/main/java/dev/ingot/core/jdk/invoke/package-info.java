/**
 * Method handles, variable handles, field updaters and what belongs to them. They cache offsets and code of the JVM they were
 * made in; what can be named is looked up again, by name.
 */
@NullMarked
package dev.ingot.core.jdk.invoke;

import org.jspecify.annotations.NullMarked;
