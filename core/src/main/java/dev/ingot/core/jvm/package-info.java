/** Access to the running JVM below the language: memory, object headers, raw fields, class definition. Works on JDK 17 to 25. */
@NullMarked
package dev.ingot.core.jvm;

import org.jspecify.annotations.NullMarked;
