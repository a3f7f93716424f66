/** Loggers and levels of {@code java.util.logging}, which the JDK finds by name again. */
@NullMarked
package dev.ingot.core.jdk.logging;

import org.jspecify.annotations.NullMarked;
