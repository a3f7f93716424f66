@NullMarked
package dev.ingot.scheduler.wire;

import org.jspecify.annotations.NullMarked;
