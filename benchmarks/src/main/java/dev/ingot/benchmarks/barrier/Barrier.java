package dev.ingot.benchmarks.barrier;

/** What is done at each write of a program. */
enum Barrier {
    /** Nothing. */
    NONE,
    /** The object is marked as changed, by a field of it; an array by a byte for each 4 KB of it in a table, found by its hash code. */
    MARK,
    /** A flag is read that says whether an image is being taken, while none is. */
    SNAPSHOT_INACTIVE,
    /** An image is being taken, and what is written to is looked up among what was saved already. */
    SNAPSHOT_ACTIVE;

    private static final int TABLE = 1 << 16;
    private static final int PART_BITS = 10;

    /** Read at each write; set once, before the kernel runs. */
    static boolean active;

    static final byte[] MARKS = new byte[TABLE];
    static long saved;

    static void markElement(Object array, int index) {
        MARKS[place(array, index)] = 1;
    }

    static void beforeField(Particle particle) {
        if (active && particle.mark == 0) {
            particle.mark = 1;
            saved++;
        }
    }

    static void beforeElement(Object array, int index) {
        if (active && MARKS[place(array, index)] == 0) {
            MARKS[place(array, index)] = 1;
            saved++;
        }
    }

    private static int place(Object array, int index) {
        return System.identityHashCode(array) * 31 + (index >>> PART_BITS) & (TABLE - 1);
    }
}
