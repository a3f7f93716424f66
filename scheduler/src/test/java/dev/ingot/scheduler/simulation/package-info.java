@NullMarked
package dev.ingot.scheduler.simulation;

import org.jspecify.annotations.NullMarked;
