/** Tests of the whole: the built jars in JVMs of their own, and the direction of module dependencies. */
@NullMarked
package dev.ingot.integration;

import org.jspecify.annotations.NullMarked;
