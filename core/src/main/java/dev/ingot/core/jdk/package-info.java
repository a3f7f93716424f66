/**
 * What the heap engine must know about the JDK's own classes: which objects are looked up again, which carry state that a
 * copy of fields would miss, and which state the JVM keeps for the program outside its objects ({@link
 * dev.ingot.core.jdk.JdkState}).
 */
@NullMarked
package dev.ingot.core.jdk;

import org.jspecify.annotations.NullMarked;
