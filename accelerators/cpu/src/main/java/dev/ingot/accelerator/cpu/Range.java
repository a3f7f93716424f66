package dev.ingot.accelerator.cpu;

/** Computes a range of items of one kernel; called by many threads for ranges that do not overlap. */
@FunctionalInterface
interface Range {
    void compute(long from, long to);
}
