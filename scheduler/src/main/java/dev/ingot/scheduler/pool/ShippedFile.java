package dev.ingot.scheduler.pool;

/**
 * A file that a workload finds wherever it runs.
 *
 * @param name its place in the directory of the workload's files: names without tricks, with slashes between them
 * @param sha256 of its content, by which it is known within the tenant
 */
public record ShippedFile(String name, String sha256, long bytes) {
    /** How many a workload can have. */
    public static final int MOST = 256;
    /** How large one can be. */
    public static final long MOST_BYTES = 1L << 30;
}
