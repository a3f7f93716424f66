@NullMarked
package dev.ingot.scheduler.control;

import org.jspecify.annotations.NullMarked;
