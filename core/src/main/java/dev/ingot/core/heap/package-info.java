/**
 * The heap graph: walks the objects of a program from its roots into a stream and builds them again in another JVM.
 *
 * <p>An object takes one of four ways, decided once per class: an <em>external</em> is something the fresh JVM already has
 * and is written as a name ({@link ExternalObjects}); a <em>resolved</em> object is described by leaf data and looked up or
 * made before anything refers to it ({@link ObjectResolver}); a <em>stateful</em> object is allocated like any other but its
 * fields are set by a codec once the whole graph stands ({@link ObjectCodec}); everything else is copied field by field.
 */
@NullMarked
package dev.ingot.core.heap;

import org.jspecify.annotations.NullMarked;
