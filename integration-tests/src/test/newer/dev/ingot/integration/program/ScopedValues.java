package dev.ingot.integration.program;

import java.util.ArrayList;
import java.util.List;

/** Scoped values, bound within each other, in platform threads and virtual ones. */
public final class ScopedValues {
    private static final ScopedValue<String> NAME = ScopedValue.newInstance();
    private static final ScopedValue<Integer> DEPTH = ScopedValue.newInstance();

    private ScopedValues() {}

    public static void main(String[] arguments) throws Exception {
        ScopedValue.where(NAME, "main").where(DEPTH, 0).run(ScopedValues::work);
        System.out.println(NAME.isBound() + " " + DEPTH.orElse(-1));
    }

    private static void work() {
        for (int round = 0; round < Pace.ROUNDS / 3; round++) {
            int number = round;
            List<String> results = new ArrayList<>();
            Thread platform = new Thread(() -> ScopedValue.where(NAME, "platform " + number)
                    .run(() -> add(results, deepen(3))));
            Thread virtual = Thread.ofVirtual()
                    .unstarted(() -> ScopedValue.where(NAME, "virtual " + number)
                            .run(() -> add(results, deepen(2))));
            platform.start();
            join(platform);
            virtual.start();
            join(virtual);
            Pace.say(results + " " + deepen(2) + " " + DEPTH.get());
        }
    }

    private static void add(List<String> results, String result) {
        synchronized (results) {
            results.add(result);
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException unexpected) {
            throw new IllegalStateException(unexpected);
        }
    }

    private static String deepen(int levels) {
        Pace.step();
        int depth = DEPTH.orElse(100);
        if (levels == 0) {
            return NAME.get() + " at " + depth;
        }
        String below = ScopedValue.where(DEPTH, depth + 1).call(() -> deepen(levels - 1));
        return DEPTH.orElse(100) == depth ? below : "lost";
    }
}
