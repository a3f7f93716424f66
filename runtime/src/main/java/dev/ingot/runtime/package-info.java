/**
 * What woven code calls, and the protocol that stops threads, lets them leave their stacks and builds the stacks again.
 *
 * <p>These classes are defined in the boot class loader. Rules of use: no dependency but {@code java.base}; no lambda and no
 * {@code invokedynamic} string concatenation, because these would run through classes that are woven themselves; nothing on
 * the path of a poll that is not requested.
 */
@NullMarked
package dev.ingot.runtime;

import org.jspecify.annotations.NullMarked;
