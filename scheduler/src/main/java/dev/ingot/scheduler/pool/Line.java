package dev.ingot.scheduler.pool;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The order in which those who wait are placed: the stronger standing, then the higher priority, then the tenants in turn, then who has had
 * less where that counts, then who came first. The turn is the tenant's that has the least of what it held lately, what it holds, and what those of it that are in front get:
 * dominant resource fairness with a memory. The queue must not change meanwhile.
 */
final class Line {
    private final Shares shares;
    private final Promises promises;
    private final long now;
    private final TreeMap<Long, List<Kind>> ranks = new TreeMap<>();
    private final Map<String, Double> usages = new HashMap<>();
    private PriorityQueue<Place> turns = new PriorityQueue<>();
    private @Nullable Place place;
    private @Nullable Kind kind;
    /** What the one that came last gets; null if that is what it waited for. */
    private @Nullable Resources given;

    /**
     * @param alike those that are to be placed, by kind; of each kind the most senior first
     * @param promises what others are promised, which counts like what is held
     */
    Line(Iterable<? extends Iterable<Workload>> alike, Shares shares, Promises promises, long now) {
        this.shares = shares;
        this.promises = promises;
        this.now = now;
        alike.forEach(this::put);
    }

    private void put(Iterable<Workload> alike) {
        Kind kind = new Kind(alike.iterator());
        ranks.computeIfAbsent(rank(kind.first), absent -> new ArrayList<>()).add(kind);
    }

    /** Somebody is to be placed to whom room was promised that will not be there, before anybody of that standing is. */
    void add(Workload workload) {
        put(List.of(workload));
        String tenant = workload.spec.tenant();
        double usage = usages.computeIfAbsent(tenant, this::usage);
        usages.put(tenant, usage - shares.share(workload.awaited()));
    }

    /** Less for the stronger standing, then for the higher priority. One number, as it is compared for everybody in every plan. */
    private static long rank(Workload workload) {
        // Copies of a gang beyond the least number come behind all that is of their tier.
        long standing = switch (workload.standing) {
            case PREMIUM -> 0;
            case STANDARD -> 2;
            case BASIC -> 4;
        };
        return ((standing + (workload.beyond == null ? 0 : 1)) << Integer.SIZE)
                | (Integer.MAX_VALUE - (long) workload.spec.priority());
    }

    /** Workloads that are alike. */
    private static final class Kind implements Comparable<Kind> {
        private final Iterator<Workload> rest;
        Workload first;

        Kind(Iterator<Workload> workloads) {
            this.rest = workloads;
            this.first = workloads.next();
        }

        boolean advance() {
            boolean more = rest.hasNext();
            if (more) {
                first = rest.next();
            }
            return more;
        }

        @Override
        public int compareTo(Kind other) {
            int order = Integer.compare(first.level, other.first.level);
            return order != 0 ? order : Long.compare(first.number, other.first.number);
        }
    }

    /** A tenant with workloads of one rank. */
    private static final class Place implements Comparable<Place> {
        final String tenant;
        final PriorityQueue<Kind> kinds = new PriorityQueue<>();
        double usage;

        Place(String tenant, double usage) {
            this.tenant = tenant;
            this.usage = usage;
        }

        @Override
        public int compareTo(Place other) {
            int order = Double.compare(usage, other.usage);
            return order != 0 ? order : tenant.compareTo(other.tenant);
        }
    }

    /** The next one of a standing, once all of stronger ones have come; null if there is none. */
    @Nullable Workload next(Tier standing) {
        goOn();
        while (turns.isEmpty()
                && !ranks.isEmpty()
                && ranks.firstEntry().getValue().get(0).first.standing == standing) {
            turns = turnsOf(ranks.pollFirstEntry().getValue());
        }
        place = turns.poll();
        kind = place == null ? null : place.kinds.remove();
        return kind == null ? null : kind.first;
    }

    /** Passes over all that are like the one that came last, which gets nothing. */
    void skipAlike() {
        kind = null;
    }

    /** The one that came last gets that, as one of its alternatives. */
    void give(Resources amount) {
        given = amount;
    }

    private void goOn() {
        Place last = place;
        if (last == null) {
            return;
        }
        if (kind != null) {
            last.usage += shares.share(given == null ? kind.first.awaited() : given);
            usages.put(last.tenant, last.usage);
            if (kind.advance()) {
                last.kinds.add(kind);
            }
        }
        given = null;
        if (!last.kinds.isEmpty()) {
            turns.add(last);
        }
    }

    private PriorityQueue<Place> turnsOf(List<Kind> kinds) {
        Map<String, Place> places = new HashMap<>();
        for (Kind each : kinds) {
            String tenant = each.first.spec.tenant();
            places.computeIfAbsent(tenant, absent -> new Place(tenant, usages.computeIfAbsent(tenant, this::usage)))
                    .kinds
                    .add(each);
        }
        return new PriorityQueue<>(places.values());
    }

    private double usage(String tenant) {
        return shares.history(tenant, now) + shares.share(shares.held(tenant).plus(promises.promisedTo(tenant)));
    }

    /** All that are left, in their order if each gets what it needs. */
    List<Workload> all() {
        List<Workload> all = new ArrayList<>();
        for (Tier standing : Tier.values()) {
            for (Workload workload = next(standing); workload != null; workload = next(standing)) {
                all.add(workload);
            }
        }
        return all;
    }
}
