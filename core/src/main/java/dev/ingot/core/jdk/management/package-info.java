/** The beans a JVM has about itself, which the JDK finds by name again. */
@NullMarked
package dev.ingot.core.jdk.management;

import org.jspecify.annotations.NullMarked;
