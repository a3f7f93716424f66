/**
 * Codecs of JDK objects whose state lies outside the heap: files, native memory, zlib streams, sockets and selectors.
 *
 * <p>{@link IoCodecs} is the door. A codec carries the Java fields of an object as they are and replaces what belongs to one
 * process only, such as a file descriptor's number, an address or a link into a JVM-wide list, by a description from which
 * another process can make it anew. What cannot be described is refused by name, at the checkpoint rather than at the resume.
 */
@NullMarked
package dev.ingot.core.jdk.io;

import org.jspecify.annotations.NullMarked;
