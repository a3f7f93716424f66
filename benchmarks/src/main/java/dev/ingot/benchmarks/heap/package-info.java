/** What it costs to write object graphs and to read them again, side by side with serialisation libraries. */
@NullMarked
package dev.ingot.benchmarks.heap;

import org.jspecify.annotations.NullMarked;
