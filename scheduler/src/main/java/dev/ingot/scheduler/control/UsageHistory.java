package dev.ingot.scheduler.control;

import dev.ingot.scheduler.pool.Usage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;

/** How the pool was used: every second for ten minutes, every ten for six hours, every two minutes for a week. Thread-safe. */
final class UsageHistory {
    private static final long SECOND = 1000;

    private final List<Level> levels =
            List.of(new Level(SECOND, 600), new Level(10 * SECOND, 2160), new Level(120 * SECOND, 5040));

    /** Samples, so far apart at least. */
    private static final class Level {
        final long periodMillis;
        final int most;
        final Deque<Usage> samples = new ArrayDeque<>();

        Level(long periodMillis, int most) {
            this.periodMillis = periodMillis;
            this.most = most;
        }

        boolean isDue(long now) {
            return samples.isEmpty() || now - samples.getLast().atMillis() >= periodMillis;
        }

        void add(Usage usage) {
            if (samples.size() == most) {
                samples.removeFirst();
            }
            samples.add(usage);
        }

        boolean covers(long since) {
            return samples.size() < most || samples.getFirst().atMillis() <= since;
        }
    }

    /** Takes a sample if it is time for one. */
    synchronized void offer(long now, Supplier<Usage> usage) {
        if (levels.get(0).isDue(now)) {
            add(now, usage);
        }
    }

    /** The same for times long gone, of which only the coarsest are of interest. */
    synchronized void offerPast(long then, Supplier<Usage> usage) {
        if (levels.get(levels.size() - 1).isDue(then)) {
            add(then, usage);
        }
    }

    /** The coarsest samples, which alone are kept for long. */
    synchronized List<Usage> coarsest() {
        return List.copyOf(levels.get(levels.size() - 1).samples);
    }

    private void add(long at, Supplier<Usage> usage) {
        Usage sample = usage.get();
        for (Level level : levels) {
            if (level.isDue(at)) {
                level.add(sample);
            }
        }
    }

    /** The samples since then, oldest first, as close together as are kept for so long. */
    synchronized List<Usage> since(long since) {
        for (Level level : levels) {
            if (level.covers(since)) {
                return after(level, since);
            }
        }
        return after(levels.get(levels.size() - 1), since);
    }

    private static List<Usage> after(Level level, long since) {
        List<Usage> chosen = new ArrayList<>();
        for (Usage sample : level.samples) {
            if (sample.atMillis() > since) {
                chosen.add(sample);
            }
        }
        return chosen;
    }
}
