package dev.ingot.scheduler.pool;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What a node has, has left, or gives to somebody: cores and memory as amounts, but each device for itself, in thousandths. Two halves of
 * different devices are no whole one, so what fits cannot be told from sums. Immutable.
 */
final class Space {
    /** Of devices whose kinds are not said. */
    static final AcceleratorKind[] UNNAMED = {};

    static final Space NONE = new Space(0, 0, new int[0], UNNAMED);
    /** The shape of these by kinds. */
    static final int[] NOTHING = {};

    private static final int WHOLE = Resources.WHOLE_DEVICE;

    final long milliCores;
    final long memoryMiB;
    private final int[] devices;
    /** What each device is; those behind the end are of no kind in particular. */
    private final AcceleratorKind[] kinds;

    private Space(long milliCores, long memoryMiB, int[] devices, AcceleratorKind[] kinds) {
        this.kinds = kinds;
        this.milliCores = milliCores;
        this.memoryMiB = memoryMiB;
        this.devices = devices;
    }

    /** All of a node that does not say of which kinds its devices are. */
    static Space of(Resources capacity) {
        return of(capacity, NodeDevices.UNNAMED);
    }

    /** All of a node. */
    static Space of(Resources capacity, NodeDevices kinds) {
        int[] devices = new int[(int) (capacity.milliDevices() / WHOLE)];
        Arrays.fill(devices, WHOLE);
        return new Space(capacity.milliCores(), capacity.memoryMiB(), devices, kinds.places());
    }

    /** What somebody has that has its devices, or its part of one, there. */
    static Space of(Resources needs, List<Integer> places) {
        int[] numbers = new int[places.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = places.get(i);
        }
        return of(needs, numbers, numbers.length);
    }

    private static Space of(Resources needs, int[] places, int count) {
        int last = -1;
        for (int i = 0; i < count; i++) {
            last = Math.max(last, places[i]);
        }
        int[] devices = new int[last + 1];
        for (int i = 0; i < count; i++) {
            devices[places[i]] = (int) Math.min(WHOLE, needs.milliDevices());
        }
        return new Space(needs.milliCores(), needs.memoryMiB(), devices, UNNAMED);
    }

    boolean isNone() {
        for (int each : devices) {
            if (each != 0) {
                return false;
            }
        }
        return milliCores == 0 && memoryMiB == 0;
    }

    /** The sum; which devices are of which kind is as here. */
    Space plus(Space other) {
        if (this == NONE) {
            return other;
        }
        return other.isNone() ? this : combined(other, 1);
    }

    Space minus(Space other) {
        return other.isNone() ? this : combined(other, -1);
    }

    private Space combined(Space other, int sign) {
        int[] sums = Arrays.copyOf(devices, Math.max(devices.length, other.devices.length));
        for (int i = 0; i < other.devices.length; i++) {
            sums[i] += sign * other.devices[i];
        }
        return new Space(milliCores + sign * other.milliCores, memoryMiB + sign * other.memoryMiB, sums, kinds);
    }

    /** Of each amount the lesser. */
    Space least(Space other) {
        if (other == this) {
            return this;
        }
        int[] least = new int[Math.max(devices.length, other.devices.length)];
        for (int i = 0; i < least.length; i++) {
            least[i] = Math.min(milli(i), other.milli(i));
        }
        return new Space(Math.min(milliCores, other.milliCores), Math.min(memoryMiB, other.memoryMiB), least, kinds);
    }

    private int milli(int device) {
        return device < devices.length ? devices[device] : 0;
    }

    /** The sum, without what is owed of devices: no more fits in any way. */
    Resources total() {
        return new Resources(milliCores, memoryMiB, milliDevices());
    }

    /** Whether more is to be had of anything than there is. */
    boolean isOverdrawn() {
        for (int each : devices) {
            if (each < 0) {
                return true;
            }
        }
        return milliCores < 0 || memoryMiB < 0;
    }

    boolean fits(Resources needs) {
        return needs.milliCores() <= milliCores && needs.memoryMiB() <= memoryMiB && hasDevices(needs);
    }

    /** Whether there are enough devices, whatever there is of all else. */
    boolean hasDevices(Resources needs) {
        long left = needs.milliDevices();
        long least = Math.min(WHOLE, left);
        for (int i = 0; left > 0 && i < devices.length; i++) {
            left -= devices[i] >= least && isOf(needs.kind(), i) ? least : 0;
        }
        return left <= 0;
    }

    private boolean isOf(AcceleratorKind kind, int device) {
        return kind == AcceleratorKind.ANY || (device < kinds.length && kinds[device] == kind);
    }

    /** Whether there are devices of that kind, free or not. */
    boolean has(AcceleratorKind kind) {
        return kind == AcceleratorKind.ANY || Arrays.asList(kinds).contains(kind);
    }

    /** How many times so much fits, {@code most} at most. */
    int times(Resources needs, int most) {
        Resources amounts = new Resources(needs.milliCores(), needs.memoryMiB(), 0);
        int times = amounts.timesIn(new Resources(milliCores, memoryMiB, 0), most);
        long milli = needs.milliDevices();
        if (milli == 0) {
            return times;
        }
        long least = Math.min(WHOLE, milli);
        long parts = 0;
        for (int i = 0; i < devices.length; i++) {
            parts += isOf(needs.kind(), i) ? Math.max(0, devices[i] / least) : 0;
        }
        return (int) Math.min(times, parts * least / milli);
    }

    /** What there is of all devices, without what is owed. */
    long milliDevices() {
        long sum = 0;
        for (int each : devices) {
            sum += Math.max(0, each);
        }
        return sum;
    }

    /**
     * How much of the devices one who needs that much can choose from, and how much as many of them as there is room for would take: the sum of
     * both. Nothing where not even one fits. What is needed are amounts instead of {@link Resources}, since this is asked most of all.
     */
    long usableFor(long cores, long memory, int milli, AcceleratorKind kind) {
        if (milli == 0 || cores > milliCores || memory > memoryMiB) {
            return 0;
        }
        int least = Math.min(WHOLE, milli);
        int count = (milli + WHOLE - 1) / WHOLE;
        int parts = 0;
        long usable = 0;
        for (int i = 0; i < devices.length; i++) {
            int each = devices[i];
            if (each >= least && isOf(kind, i)) {
                parts += least == WHOLE ? 1 : each / least;
                usable += each;
            }
        }
        if (parts < count) {
            return 0;
        }
        long times = parts / count;
        times = cores > 0 ? Math.min(times, milliCores / cores) : times;
        times = memory > 0 ? Math.min(times, memoryMiB / memory) : times;
        return usable + times * milli;
    }

    /** What somebody takes: the tightest device, or as many whole ones; where there is too little, those with most. */
    Space piece(Resources needs) {
        return piece(needs, this);
    }

    /** The same, of devices that have as much those first that have least in {@code now}: the others can be had by somebody else meanwhile. */
    Space piece(Resources needs, Space now) {
        boolean fits = fits(needs);
        long least = Math.min(WHOLE, needs.milliDevices());
        int count = count(needs);
        // By insertion: devices are few, and this is asked for each who waits.
        int[] places = new int[fits ? devices.length : Math.max(devices.length, count)];
        int size = 0;
        for (int place = 0; count > 0 && place < places.length; place++) {
            if ((!fits || devices[place] >= least) && isOf(needs.kind(), place)) {
                int at = size++;
                for (; at > 0 && isBefore(place, places[at - 1], fits, now); at--) {
                    places[at] = places[at - 1];
                }
                places[at] = place;
            }
        }
        return of(needs, places, Math.min(count, size));
    }

    /** Whether one device is taken before another one. */
    private boolean isBefore(int one, int other, boolean tightest, Space now) {
        int order = tightest ? milli(one) - milli(other) : milli(other) - milli(one);
        return order != 0 ? order < 0 : now.milli(one) < now.milli(other);
    }

    private static int count(Resources needs) {
        return (int) ((needs.milliDevices() + WHOLE - 1) / WHOLE);
    }

    /** The ways in which somebody may take it, the tightest device first; of devices that have as much left, the first stands for all. */
    List<Space> pieces(Resources needs) {
        if (!fits(needs)) {
            return List.of();
        }
        long milli = needs.milliDevices();
        List<Integer> usable = new ArrayList<>();
        for (int i = 0; i < devices.length; i++) {
            if (devices[i] >= Math.min(WHOLE, milli) && isOf(needs.kind(), i)) {
                usable.add(i);
            }
        }
        if (milli == 0 || milli >= WHOLE) {
            return List.of(of(needs, usable.subList(0, count(needs))));
        }
        usable.sort((one, other) -> devices[one] - devices[other]);
        List<Space> pieces = new ArrayList<>();
        int last = -1;
        for (int place : usable) {
            if (devices[place] != last) {
                last = devices[place];
                pieces.add(of(needs, List.of(place)));
            }
        }
        return pieces;
    }

    /** On which devices there is anything of it. */
    List<Integer> devices() {
        return IntStream.range(0, devices.length)
                .filter(place -> devices[place] != 0)
                .boxed()
                .toList();
    }

    /** What is left of each device, least first. */
    int[] shape() {
        int[] shape = devices.clone();
        Arrays.sort(shape);
        return shape;
    }

    /** What is left of each device, least first, one kind after the other; empty where no kind is said. */
    int[] shapeOfKinds() {
        if (kinds.length == 0) {
            return NOTHING;
        }
        int[] shape = Arrays.copyOf(devices, Math.max(devices.length, kinds.length));
        for (int from = 0; from < kinds.length; ) {
            int to = from;
            while (to < kinds.length && kinds[to] == kinds[from]) {
                to++;
            }
            Arrays.sort(shape, from, to);
            from = to;
        }
        return shape;
    }

    /** What each device is; not to be changed. */
    AcceleratorKind[] kinds() {
        return kinds;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Space space
                && milliCores == space.milliCores
                && memoryMiB == space.memoryMiB
                && Arrays.equals(devices, space.devices)
                && Arrays.equals(kinds, space.kinds);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * Long.hashCode(milliCores) + Long.hashCode(memoryMiB)) + Arrays.hashCode(devices);
    }

    /** As the sum; where a device is divided, also what is left of each. */
    @Override
    public String toString() {
        if (Arrays.stream(devices).allMatch(each -> each % WHOLE == 0)) {
            return total().toString();
        }
        return total()
                + Arrays.stream(devices)
                        .filter(each -> each > 0)
                        .mapToObj(Resources::thousandths)
                        .collect(Collectors.joining(" + ", " (", ")"));
    }
}
