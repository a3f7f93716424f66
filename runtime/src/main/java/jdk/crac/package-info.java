/**
 * Coordinated checkpoints on a stock JDK: the classes that {@code org.crac} looks for, backed by Ingot.
 *
 * <p>Defined in the boot class loader, and only in a JVM that has no such package of its own. The same rules hold as for
 * {@code dev.ingot.runtime}: the JDK and that package are all it uses, no lambda, no {@code invokedynamic} concatenation.
 */
@NullMarked
package jdk.crac;

import org.jspecify.annotations.NullMarked;
