@NullMarked
package dev.ingot.scheduler.forward;

import org.jspecify.annotations.NullMarked;
