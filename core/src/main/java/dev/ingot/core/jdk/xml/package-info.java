/**
 * Carries parts of the JDK's XML library that differ between its versions.
 *
 * <p>{@link XmlCodecs} is the door.
 */
@NullMarked
package dev.ingot.core.jdk.xml;

import org.jspecify.annotations.NullMarked;
