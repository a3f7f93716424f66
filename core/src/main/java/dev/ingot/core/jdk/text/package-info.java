/** Locales, charsets, zones, currencies and regular expressions: values the JDK keeps one instance of, or compiles. */
@NullMarked
package dev.ingot.core.jdk.text;

import org.jspecify.annotations.NullMarked;
