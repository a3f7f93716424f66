/** Concurrent collections and pools whose fields differ by version of the JDK although their contents do not. */
@NullMarked
package dev.ingot.core.jdk.concurrent;

import org.jspecify.annotations.NullMarked;
