/**
 * JSON as Ingot needs it: manifests of images and lines of the control protocol, both small and of known shape.
 *
 * <p>Why not a library: a manifest is read on the way from JVM start to the first instruction of a resumed program. Binding
 * one with a general library costs a quarter of a second in a cold JVM, token streams cost 40 ms, this package costs 3 ms.
 */
@NullMarked
package dev.ingot.core.json;

import org.jspecify.annotations.NullMarked;
