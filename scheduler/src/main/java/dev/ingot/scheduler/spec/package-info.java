/** Workloads as people write them: a YAML or JSON document, checked as a whole, and the units in it. */
@NullMarked
package dev.ingot.scheduler.spec;

import org.jspecify.annotations.NullMarked;
