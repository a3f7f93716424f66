package dev.ingot.core.jdk.io;

/**
 * How strict files are at a checkpoint and at a resume.
 *
 * @param acceptChanged whether a file that is only read may differ from what it was at the checkpoint
 * @param carriedBytes the largest file open for random writing, in bytes, whose content becomes part of the image; a larger
 *     one must be unchanged at the resume
 */
public record FilePolicy(boolean acceptChanged, long carriedBytes) {
    private static final long DEFAULT_CARRIED_BYTES = 64L << 20;

    public FilePolicy {
        if (carriedBytes < 0 || carriedBytes > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException(
                    "carriedBytes=" + carriedBytes + " must lie between 0 and " + (Integer.MAX_VALUE - 8));
        }
    }

    /** Files that are read must be unchanged; files written at random are carried up to 64 MiB each. */
    public static FilePolicy strict() {
        return new FilePolicy(false, DEFAULT_CARRIED_BYTES);
    }
}
