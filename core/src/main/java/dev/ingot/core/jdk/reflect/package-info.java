/** Reflected members, annotations' proxies and what else {@code java.lang.reflect} looks up instead of making. */
@NullMarked
package dev.ingot.core.jdk.reflect;

import org.jspecify.annotations.NullMarked;
