/** What several devices do together. */
@NullMarked
package dev.ingot.accelerator.collective;

import org.jspecify.annotations.NullMarked;
