package dev.ingot.scheduler.pool;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Places by what they have free, those with least first. Those whose devices are left alike, of the same <em>shape</em> also kind by kind, stand together. Who looks
 * for room does not look at the places that have less: it jumps over all that are of a shape with too little, or of one shape with too few
 * cores, or with as many of both but too little memory. Not thread-safe.
 */
final class TightestFirst<T> {
    private final TreeMap<Place, T> places = new TreeMap<>();

    /** Where in the order a place is. */
    static final class Place implements Comparable<Place> {
        /** How many devices are free. */
        private final int whole;
        /** The most that is free of another one, in thousandths. */
        private final int part;

        private final int[] shape;
        /** What each device is, and what is left of them in that order; empty where no kind is said. */
        private final AcceleratorKind[] kinds;

        private final int[] shapeOfKinds;
        /** Null if it is none, but in front of some. */
        private final @Nullable Space free;

        private final long milliCores;
        private final long memoryMiB;
        private final String name;

        Place(Space free, String name) {
            this.free = free;
            this.shape = free.shape();
            this.kinds = free.kinds();
            this.shapeOfKinds = free.shapeOfKinds();
            this.milliCores = free.milliCores;
            this.memoryMiB = free.memoryMiB;
            this.name = name;
            int parts = shape.length;
            while (parts > 0 && shape[parts - 1] >= Resources.WHOLE_DEVICE) {
                parts--;
            }
            this.whole = shape.length - parts;
            this.part = parts == 0 ? 0 : shape[parts - 1];
        }

        /** In front of all places that have as much. */
        private Place(
                int whole,
                int part,
                int[] shape,
                AcceleratorKind[] kinds,
                int[] shapeOfKinds,
                long milliCores,
                long memoryMiB) {
            this.free = null;
            this.kinds = kinds;
            this.shapeOfKinds = shapeOfKinds;
            this.whole = whole;
            this.part = part;
            this.shape = shape;
            this.milliCores = milliCores;
            this.memoryMiB = memoryMiB;
            this.name = "";
        }

        /** In front of all places with enough devices. */
        static Place before(Resources needs) {
            int whole = (int) (needs.milliDevices() / Resources.WHOLE_DEVICE);
            // With no need of any, those that owe some come first.
            int part = needs.milliDevices() == 0
                    ? Integer.MIN_VALUE
                    : (int) (needs.milliDevices() % Resources.WHOLE_DEVICE);
            return new Place(
                    whole,
                    whole > 0 ? Integer.MIN_VALUE : part,
                    new int[0],
                    Space.UNNAMED,
                    Space.NOTHING,
                    Long.MIN_VALUE,
                    Long.MIN_VALUE);
        }

        Place with(long cores, long memory) {
            return new Place(whole, part, shape, kinds, shapeOfKinds, cores, memory);
        }

        @Override
        public int compareTo(Place other) {
            int order = Integer.compare(whole, other.whole);
            order = order != 0 ? order : Integer.compare(part, other.part);
            order = order != 0 ? order : Arrays.compare(shape, other.shape);
            order = order != 0 || kinds == other.kinds ? order : Arrays.compare(kinds, other.kinds);
            order = order != 0 || shapeOfKinds == other.shapeOfKinds
                    ? order
                    : Arrays.compare(shapeOfKinds, other.shapeOfKinds);
            order = order != 0 ? order : Long.compare(milliCores, other.milliCores);
            order = order != 0 ? order : Long.compare(memoryMiB, other.memoryMiB);
            return order != 0 ? order : name.compareTo(other.name);
        }

        /** Whether there are enough devices of the kind. */
        private boolean hasKind(Resources needs) {
            return needs.kind() == AcceleratorKind.ANY || (free != null && free.hasDevices(needs));
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Place place && compareTo(place) == 0;
        }

        @Override
        public int hashCode() {
            return name.hashCode();
        }
    }

    void put(Place place, T value) {
        places.put(place, value);
    }

    void remove(Place place) {
        places.remove(place);
    }

    /** The tightest with room for {@code needs} that also passes the test; null if there is none. */
    @Nullable T first(Resources needs, Predicate<T> test) {
        Map.Entry<Place, T> found = next(places.ceilingEntry(Place.before(needs)), needs, test);
        return found == null ? null : found.getValue();
    }

    private Map.@Nullable Entry<Place, T> next(Map.@Nullable Entry<Place, T> from, Resources needs, Predicate<T> test) {
        Map.Entry<Place, T> entry = from;
        while (entry != null) {
            Place place = entry.getKey();
            if (!place.hasKind(needs)) {
                entry = places.ceilingEntry(place.with(Long.MAX_VALUE, Long.MAX_VALUE));
            } else if (place.milliCores < needs.milliCores()) {
                entry = places.ceilingEntry(place.with(needs.milliCores(), needs.memoryMiB()));
            } else if (place.memoryMiB < needs.memoryMiB()) {
                entry = places.ceilingEntry(place.with(place.milliCores, needs.memoryMiB()));
            } else if (test.test(entry.getValue())) {
                return entry;
            } else {
                entry = places.higherEntry(place);
            }
        }
        return null;
    }

    /** Of each shape that has room the tightest that passes the test, and the one with most cores if that does; of the tightest shapes. */
    List<T> ofEachShape(Resources needs, int shapes, Predicate<T> test) {
        List<T> found = new ArrayList<>();
        Map.Entry<Place, T> entry = next(places.ceilingEntry(Place.before(needs)), needs, test);
        for (int count = 0; entry != null && count < shapes; count++) {
            found.add(entry.getValue());
            Place end = entry.getKey().with(Long.MAX_VALUE, Long.MAX_VALUE);
            Map.Entry<Place, T> loosest = places.lowerEntry(end);
            if (loosest != null
                    && !loosest.getKey().equals(entry.getKey())
                    && loosest.getKey().memoryMiB >= needs.memoryMiB()
                    && test.test(loosest.getValue())) {
                found.add(loosest.getValue());
            }
            entry = next(places.higherEntry(end), needs, test);
        }
        return found;
    }

    /** The one with most free that passes the test; null if there is none. */
    @Nullable T last(Predicate<T> test) {
        for (T value : places.descendingMap().values()) {
            if (test.test(value)) {
                return value;
            }
        }
        return null;
    }
}
