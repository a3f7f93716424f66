/** Ways past access checks into the JDK's own classes: fields, statics, methods, and classes hidden from the compiler. */
@NullMarked
package dev.ingot.core.jdk.access;

import org.jspecify.annotations.NullMarked;
