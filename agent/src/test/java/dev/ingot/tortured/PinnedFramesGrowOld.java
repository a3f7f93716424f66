package dev.ingot.tortured;

import java.util.TreeMap;

/**
 * Two threads in the same method, of which one is pinned at first, below a call of the JDK: while it is, the method is woven again for
 * the other one, and its frame goes on in the old code.
 */
public final class PinnedFramesGrowOld {
    private static final int ROUNDS = 60;

    private static final boolean[] done = {false, false};

    private PinnedFramesGrowOld() {}

    public static void main(String[] arguments) throws Exception {
        Thread pinned = new Thread(() -> compute("pinned", 1));
        pinned.start();
        compute("free", 0);
        pinned.join();
        System.out.println(done[0] + " " + done[1]);
    }

    private static void compute(String name, int pinnedRounds) {
        long value = 0;
        for (int round = 0; round < ROUNDS; round++) {
            value += round < pinnedRounds ? compared() : Work.steps(round, 400_000);
        }
        done[name.equals("pinned") ? 0 : 1] = value != 0;
    }

    /** A comparison under {@link TreeMap#get} is not captured. */
    private static long compared() {
        long[] value = {0};
        TreeMap<Integer, Integer> map = new TreeMap<>((first, second) -> {
            for (int step = 0; step < 1_500; step++) {
                value[0] += Work.steps(step, 200_000);
            }
            return first.compareTo(second);
        });
        map.put(1, 1);
        return value[0] + map.size();
    }
}
