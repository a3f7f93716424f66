package dev.ingot.benchmarks.heap;

/** Something that writes graphs and reads them again. */
interface HeapEngine {
    /** Writes the graph; what was written before is forgotten. */
    void write(Object root) throws Exception;

    /** Size of what was written. */
    long bytes();

    /** A copy of the graph written last. */
    Object read() throws Exception;
}
