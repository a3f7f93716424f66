package dev.ingot.scheduler.pool;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Where those that start together could go on from their images, by what nodes have in accelerators. Of nodes that are not among these
 * nothing is known, and nothing speaks against them. Immutable.
 *
 * @param byEquipment by {@link Node#equipment}; of workloads that name kinds of accelerators by {@link Prospect#key}
 */
record Prospects(Map<String, Prospect> byEquipment) {
    static final Prospects NONE = new Prospects(Map.of());

    /** Of all of them, each with what is known of its image. */
    static Prospects of(List<Map<String, Prospect>> each) {
        Map<String, Prospect> all = new TreeMap<>();
        for (Map<String, Prospect> one : each) {
            one.forEach((equipment, prospect) -> all.merge(equipment, prospect, Prospect::and));
        }
        return all.isEmpty() ? NONE : new Prospects(all);
    }

    /** What is known of going on with accelerators of one kind. */
    Prospects with(AcceleratorKind kind) {
        String end = Prospect.key("", kind);
        Map<String, Prospect> some = new TreeMap<>();
        byEquipment.forEach((key, prospect) -> {
            if (key.endsWith(end)) {
                some.put(key.substring(0, key.length() - end.length()), prospect);
            }
        });
        return some.isEmpty() ? NONE : new Prospects(some);
    }

    boolean areNone() {
        return byEquipment.isEmpty();
    }

    Prospect on(Node node) {
        Prospect known = byEquipment.get(node.equipment);
        return known == null ? Prospect.UNKNOWN : known;
    }

    /** The nodes that nothing is known against. */
    Predicate<Node> possible() {
        return node -> on(node).possible();
    }

    /** The possible nodes, first those on which least is lost, last those of which nothing is known; each time another part of them. */
    List<Predicate<Node>> cheapestFirst() {
        TreeSet<Long> losses = new TreeSet<>();
        byEquipment.values().stream().filter(Prospect::possible).forEach(prospect -> losses.add(prospect.lostMillis()));
        List<Predicate<Node>> parts = new ArrayList<>();
        for (long loss : losses) {
            parts.add(node -> {
                Prospect known = byEquipment.get(node.equipment);
                return known != null && known.possible() && known.lostMillis() == loss;
            });
        }
        parts.add(node -> !byEquipment.containsKey(node.equipment));
        return parts;
    }

    /** What is lost wherever they go on. */
    long leastLostMillis() {
        return byEquipment.values().stream()
                .filter(Prospect::possible)
                .mapToLong(Prospect::lostMillis)
                .min()
                .orElse(0);
    }

    /** What is known of a workload's images, by their names. Confined to the core's writer. */
    static final class OfImages {
        /** So many are kept that nobody needs: reports may be late. */
        private static final int MOST_UNNEEDED = 4;

        /** First what has been known for longest. */
        private final Map<String, Map<String, Prospect>> known = new LinkedHashMap<>();

        /** Of the image that was asked for last, as it is asked for far more often than it changes. */
        private Prospects last = NONE;

        private String lastImage = "";

        /** Adds to what is known of one, and forgets others that nobody needs. */
        void add(String image, Map<String, Prospect> prospects, List<String> needed) {
            List<String> unneeded = new ArrayList<>(known.keySet());
            unneeded.removeIf(each -> each.equals(image) || needed.contains(each));
            unneeded.subList(0, Math.max(0, unneeded.size() - MOST_UNNEEDED)).forEach(known::remove);
            known.computeIfAbsent(image, absent -> new TreeMap<>()).putAll(prospects);
            lastImage = "";
        }

        Prospects of(@Nullable ImageReference image) {
            if (image == null || known.isEmpty()) {
                return NONE;
            }
            if (!image.directory().equals(lastImage)) {
                lastImage = image.directory();
                last = Prospects.of(List.of(known.getOrDefault(lastImage, Map.of())));
            }
            return last;
        }

        Map<String, Map<String, Prospect>> all() {
            Map<String, Map<String, Prospect>> copy = new LinkedHashMap<>();
            known.forEach((image, prospects) -> copy.put(image, Map.copyOf(prospects)));
            return Collections.unmodifiableMap(copy);
        }
    }
}
