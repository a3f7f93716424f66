/** What the JVM keeps for a program outside the program's own objects, one class for each kind. */
@NullMarked
package dev.ingot.core.jdk.state;

import org.jspecify.annotations.NullMarked;
