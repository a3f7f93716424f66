@NullMarked
package dev.ingot.scheduler.spec;

import org.jspecify.annotations.NullMarked;
