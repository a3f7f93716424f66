package dev.ingot.agent.weave;

/** For each instruction the locals whose value may still be read. Mutable while it is computed. */
final class LiveLocals {
    private final int words;
    private final long[] bits;

    LiveLocals(int instructions, int locals) {
        this.words = (locals + Long.SIZE - 1) / Long.SIZE;
        this.bits = new long[instructions * words];
    }

    boolean at(int instruction, int local) {
        int word = local / Long.SIZE;
        return word < words && (bits[instruction * words + word] & 1L << local) != 0;
    }

    /** Clears {@code scratch} for {@link #join}. */
    long[] scratch() {
        return new long[words];
    }

    /** Adds the locals live at {@code instruction} to {@code scratch}. */
    void join(int instruction, long[] scratch) {
        for (int word = 0; word < words; word++) {
            scratch[word] |= bits[instruction * words + word];
        }
    }

    /** Makes {@code scratch} the locals live at {@code instruction}; false if they already were. */
    boolean set(int instruction, long[] scratch) {
        boolean changed = false;
        for (int word = 0; word < words; word++) {
            changed |= bits[instruction * words + word] != scratch[word];
            bits[instruction * words + word] = scratch[word];
        }
        return changed;
    }

    static void set(long[] scratch, int local, boolean live) {
        if (live) {
            scratch[local / Long.SIZE] |= 1L << local;
        } else {
            scratch[local / Long.SIZE] &= ~(1L << local);
        }
    }
}
