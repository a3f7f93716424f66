/** Cleaners, whose lists of pending actions differ by version of the JDK. */
@NullMarked
package dev.ingot.core.jdk.ref;

import org.jspecify.annotations.NullMarked;
