package dev.ingot.benchmarks;

import java.util.function.LongSupplier;

/**
 * A small program that is measured.
 *
 * @param name on the command line and in the table
 * @param rounds how many rounds are measured at a time; chosen so that they take about a tenth of a second
 * @param round does the same work each time and returns a sum that depends on all of it
 */
record Kernel(String name, int rounds, LongSupplier round) {}
