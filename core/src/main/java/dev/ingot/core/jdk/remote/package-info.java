/** What RMI has of a program, told from what it has of the JVM's own management. */
@NullMarked
package dev.ingot.core.jdk.remote;

import org.jspecify.annotations.NullMarked;
