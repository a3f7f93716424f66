@NullMarked
package dev.ingot.scheduler.journal;

import org.jspecify.annotations.NullMarked;
