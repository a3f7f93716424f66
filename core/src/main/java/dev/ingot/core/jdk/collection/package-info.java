/**
 * The JDK's immutable collections. Each JVM iterates over them in a direction it draws when it starts; what was restored from
 * a JVM of the other direction is turned round, so that an iteration under way meets every element once.
 */
@NullMarked
package dev.ingot.core.jdk.collection;

import org.jspecify.annotations.NullMarked;
