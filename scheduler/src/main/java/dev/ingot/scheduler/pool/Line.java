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
 * dominant resource fairness with a memory. Among the parts of a tenant whose turn it is, the turn is found in the same way. The queue must not
 * change meanwhile.
 */
final class Line {
    private final Shares shares;
    private final Promises promises;
    private final long now;
    private final TreeMap<Long, List<Kind>> ranks = new TreeMap<>();
    private final Map<String, Double> usages = new HashMap<>();
    /** All tenants whose turn it can be, below one that is nobody. */
    private Place turns = new Place("", null, 0);

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
        double share = shares.share(workload.awaited());
        for (String each = tenant; each != null; each = TenantPath.parent(each)) {
            use(each, -share);
        }
        if (shares.hasParts(tenant)) {
            use(TenantPath.own(tenant), -share);
        }
    }

    private double use(String key, double more) {
        double usage = usages.computeIfAbsent(key, this::usage) + more;
        usages.put(key, usage);
        return usage;
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

    /** A tenant with workloads of one rank, its own or those of its parts. */
    private static final class Place implements Comparable<Place> {
        final String key;
        final @Nullable Place whole;
        final PriorityQueue<Kind> kinds = new PriorityQueue<>();
        final PriorityQueue<Place> parts = new PriorityQueue<>(1);
        double usage;

        Place(String key, @Nullable Place whole, double usage) {
            this.key = key;
            this.whole = whole;
            this.usage = usage;
        }

        boolean isEmpty() {
            return kinds.isEmpty() && parts.isEmpty();
        }

        @Override
        public int compareTo(Place other) {
            int order = Double.compare(usage, other.usage);
            return order != 0 ? order : key.compareTo(other.key);
        }
    }

    /** The next one of a standing, once all of stronger ones have come; null if there is none. */
    @Nullable Workload next(Tier standing) {
        goOn();
        while (turns.parts.isEmpty()
                && !ranks.isEmpty()
                && ranks.firstEntry().getValue().get(0).first.standing == standing) {
            turns = turnsOf(ranks.pollFirstEntry().getValue());
        }
        place = takeFirst();
        kind = place == null ? null : place.kinds.remove();
        return kind == null ? null : kind.first;
    }

    /** Takes the one whose turn it is out of those of its whole, and that one out of those of its own. */
    private @Nullable Place takeFirst() {
        Place first = turns.parts.poll();
        while (first != null && !first.parts.isEmpty()) {
            first = first.parts.poll();
        }
        return first;
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
            use(last, shares.share(given == null ? kind.first.awaited() : given));
            if (kind.advance()) {
                last.kinds.add(kind);
            }
        }
        given = null;
        for (Place each = last; each.whole != null; each = each.whole) {
            if (!each.isEmpty()) {
                each.whole.parts.add(each);
            }
        }
    }

    private void use(Place last, double share) {
        for (Place each = last; each.whole != null; each = each.whole) {
            each.usage = use(each.key, share);
        }
        if (!TenantPath.isOwn(last.key) && shares.hasParts(last.key)) {
            use(TenantPath.own(last.key), share);
        }
    }

    private Place turnsOf(List<Kind> kinds) {
        Place all = new Place("", null, 0);
        Map<String, Place> places = new HashMap<>();
        for (Kind each : kinds) {
            place(each.first.spec.tenant(), all, places).kinds.add(each);
        }
        for (Place each : places.values()) {
            Place whole = each.whole;
            if (whole != null) {
                whole.parts.add(each);
            }
        }
        places.values().forEach(this::separateOwn);
        return all;
    }

    /** What an inner tenant has of its own has turns beside its parts. */
    private void separateOwn(Place place) {
        if (!place.parts.isEmpty() && !place.kinds.isEmpty()) {
            String key = TenantPath.own(place.key);
            Place own = new Place(key, place, usages.computeIfAbsent(key, this::usage));
            own.kinds.addAll(place.kinds);
            place.kinds.clear();
            place.parts.add(own);
        }
    }

    private Place place(String tenant, Place all, Map<String, Place> places) {
        Place known = places.get(tenant);
        if (known != null) {
            return known;
        }
        String parent = TenantPath.parent(tenant);
        Place place = new Place(
                tenant, parent == null ? all : place(parent, all, places), usages.computeIfAbsent(tenant, this::usage));
        places.put(tenant, place);
        return place;
    }

    private double usage(String key) {
        return shares.history(key, now) + shares.share(shares.held(key).plus(promises.promisedTo(key)));
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
