/** Security providers of the JDK and their services, which every JVM registers for itself. */
@NullMarked
package dev.ingot.core.jdk.security;

import org.jspecify.annotations.NullMarked;
