/**
 * The agent's side of what a program says through {@code dev.ingot.api}: which fields it leaves out and which classes it
 * saves by codecs of its own.
 *
 * <p>The agent and the program have different copies of that package, so nothing here uses its types; what crosses is of the
 * JDK.
 */
@NullMarked
package dev.ingot.core.library;

import org.jspecify.annotations.NullMarked;
