/**
 * Images on disk: a directory per image with one pack of compressed, hashed chunks and a manifest that is written last.
 *
 * <p>{@link ImageStore} is the way in. A writer's directory gets its final name by one rename after everything in it is on
 * disk, so a crash at any instant leaves the images before it as they were and at most a directory the next writer removes.
 * A reader believes nothing it has not checked: every length is bounded before memory is taken, every byte is covered by a
 * checksum, and nothing in an image is used as a path inside it.
 */
@NullMarked
package dev.ingot.core.image;

import org.jspecify.annotations.NullMarked;
