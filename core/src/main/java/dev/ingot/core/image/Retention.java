package dev.ingot.core.image;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;

/**
 * Which images of a name stay. An image stays if any of the rules asks for it; the newest one that is usable always does.
 *
 * @param keep the newest so many
 * @param hourly the newest of each of the last so many hours that have any
 * @param daily the newest of each of the last so many days that have any, by UTC
 * @param weekly the newest of each of the last so many weeks that have any, which begin on Mondays
 */
public record Retention(int keep, int hourly, int daily, int weekly) {
    private static final long HOUR_SECONDS = 3_600;
    private static final long DAY_SECONDS = 24 * HOUR_SECONDS;
    private static final long WEEK_SECONDS = 7 * DAY_SECONDS;
    /** The epoch was a Thursday. */
    private static final long MONDAY_SECONDS = 3 * DAY_SECONDS;

    public Retention {
        if (keep < 0 || hourly < 0 || daily < 0 || weekly < 0 || keep + hourly + daily + weekly == 0) {
            throw new IllegalArgumentException(
                    "a retention must keep at least one image: keep=" + keep + ", hourly=" + hourly + ", daily=" + daily
                            + ", weekly=" + weekly + " must be 0 or more, and one of them 1 or more");
        }
    }

    /** The newest so many and no others. */
    public static Retention newest(int keep) {
        return new Retention(keep, 0, 0, 0);
    }

    /**
     * An image as far as a retention looks at it.
     *
     * @param image its directory
     * @param parts what it consists of, with the size of each; what several images share takes room once
     * @param usable whether it is whole
     */
    public record Candidate(Path image, Instant created, Map<Object, Long> parts, boolean usable) {
        public Candidate {
            parts = Map.copyOf(parts);
        }
    }

    /** What goes of the images of one name, newest first: what no rule keeps, and what is damaged and older than a usable one. */
    public List<Candidate> condemned(List<Candidate> newestFirst) {
        List<Candidate> usable = newestFirst.stream().filter(Candidate::usable).toList();
        Set<Path> kept = new HashSet<>();
        usable.stream().limit(Math.max(1, keep)).forEach(candidate -> kept.add(candidate.image()));
        keepNewestOf(usable, hourly, created -> created.getEpochSecond() / HOUR_SECONDS, kept);
        keepNewestOf(usable, daily, created -> created.getEpochSecond() / DAY_SECONDS, kept);
        keepNewestOf(usable, weekly, created -> (created.getEpochSecond() + MONDAY_SECONDS) / WEEK_SECONDS, kept);
        List<Candidate> condemned = new ArrayList<>();
        boolean usableSeen = false;
        for (Candidate candidate : newestFirst) {
            usableSeen |= candidate.usable();
            if (usableSeen && !kept.contains(candidate.image())) {
                condemned.add(candidate);
            }
        }
        return condemned;
    }

    private static void keepNewestOf(
            List<Candidate> newestFirst, int periods, ToLongFunction<Instant> period, Set<Path> kept) {
        Set<Long> seen = new LinkedHashSet<>();
        for (Candidate candidate : newestFirst) {
            if (seen.size() < periods && seen.add(period.applyAsLong(candidate.created()))) {
                kept.add(candidate.image());
            }
        }
    }

    /**
     * What else goes, oldest first, until the rest has no more than {@code quotaBytes} in all.
     *
     * @param kept what stays so far, of any number of names; the newest usable one of each name stays in any case
     */
    public static List<Candidate> beyondQuota(List<List<Candidate>> kept, long quotaBytes) {
        SharedParts parts = new SharedParts();
        List<Candidate> mayGo = new ArrayList<>();
        for (List<Candidate> newestFirst : kept) {
            boolean usableSeen = false;
            for (Candidate candidate : newestFirst) {
                parts.add(candidate);
                if (usableSeen) {
                    mayGo.add(candidate);
                }
                usableSeen |= candidate.usable();
            }
        }
        mayGo.sort((a, b) -> a.created().compareTo(b.created()));
        List<Candidate> condemned = new ArrayList<>();
        for (Candidate candidate : mayGo) {
            if (parts.bytes <= quotaBytes) {
                break;
            }
            parts.remove(candidate);
            condemned.add(candidate);
        }
        return condemned;
    }

    /** What images take, where several may have the same parts. */
    private static final class SharedParts {
        private final Map<Object, Integer> uses = new HashMap<>();
        private long bytes;

        void add(Candidate candidate) {
            candidate.parts().forEach((part, size) -> {
                if (uses.merge(part, 1, Integer::sum) == 1) {
                    bytes += size;
                }
            });
        }

        void remove(Candidate candidate) {
            candidate.parts().forEach((part, size) -> {
                if (uses.merge(part, -1, Integer::sum) == 0) {
                    bytes -= size;
                }
            });
        }
    }
}
