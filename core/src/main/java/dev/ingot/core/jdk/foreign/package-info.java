/**
 * Codecs for {@code java.lang.foreign}: memory outside the heap with the arenas it belongs to, native functions and the libraries
 * they lie in. The classes behind it are those of JDK 22 to 25; nothing here is used where they are missing.
 */
@NullMarked
package dev.ingot.core.jdk.foreign;

import org.jspecify.annotations.NullMarked;
