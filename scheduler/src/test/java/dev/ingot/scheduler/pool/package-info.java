@NullMarked
package dev.ingot.scheduler.pool;

import org.jspecify.annotations.NullMarked;
