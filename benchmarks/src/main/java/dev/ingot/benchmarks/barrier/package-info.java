/** What a mark at each write would cost woven code: for images that know what changed, and for images taken while a program runs. */
@NullMarked
package dev.ingot.benchmarks.barrier;

import org.jspecify.annotations.NullMarked;
