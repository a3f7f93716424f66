@NullMarked
package dev.ingot.scheduler.telemetry;

import org.jspecify.annotations.NullMarked;
