/** What Ingot costs a program that runs: the same kernels in JVMs with and without the agent. */
@NullMarked
package dev.ingot.benchmarks;

import org.jspecify.annotations.NullMarked;
