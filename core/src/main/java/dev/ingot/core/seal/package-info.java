/**
 * Images that nobody reads or changes without a key.
 *
 * <p>A sealed image has a data key of its own, drawn at random; from it come the keys of its chunks, its manifest and its launch
 * file. The data key itself lies beside the image, wrapped by a key that a {@link KeyProvider} keeps. {@link Sealer} is the way
 * in. Nothing here is loaded by a program whose images are not sealed: the first use of a cipher costs a start-up.
 */
@NullMarked
package dev.ingot.core.seal;

import org.jspecify.annotations.NullMarked;
