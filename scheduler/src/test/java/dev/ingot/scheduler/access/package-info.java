@NullMarked
package dev.ingot.scheduler.access;

import org.jspecify.annotations.NullMarked;
