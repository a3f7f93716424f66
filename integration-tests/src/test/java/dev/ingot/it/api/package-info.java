/** Programs that use Ingot's library or org.crac, in JVMs of their own with the built agent. */
@NullMarked
package dev.ingot.it.api;

import org.jspecify.annotations.NullMarked;
