/** Who may do what with a pool: identities, how they are proved, how often they may ask, and the log of what they asked. */
@NullMarked
package dev.ingot.scheduler.access;

import org.jspecify.annotations.NullMarked;
