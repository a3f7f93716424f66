/**
 * Codecs for {@code java.lang} and {@code java.lang.reflect}: threads and their groups, class loaders, modules and packages,
 * reflected members.
 */
@NullMarked
package dev.ingot.core.jdk.lang;

import org.jspecify.annotations.NullMarked;
