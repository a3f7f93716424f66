/** Gives a stock JVM the package {@code jdk.crac}, through which {@code org.crac} reaches an implementation. */
@NullMarked
package dev.ingot.core.crac;

import org.jspecify.annotations.NullMarked;
