package dev.ingot.scheduler.pool;

import java.math.BigDecimal;

/**
 * An amount of what nodes have and workloads need.
 *
 * @param milliCores thousandths of a processor core
 * @param memoryMiB main memory
 * @param milliDevices thousandths of an accelerator; who needs less than a whole one shares it with others
 * @param kind of which these have to be; {@link AcceleratorKind#ANY} of what nodes have, and of sums
 */
public record Resources(long milliCores, long memoryMiB, long milliDevices, AcceleratorKind kind) {
    /** As much as one accelerator, in thousandths. */
    public static final int WHOLE_DEVICE = 1000;

    private static final int DECIMALS = 3;

    /** Nothing. */
    public static final Resources NONE = new Resources(0, 0, 0);

    /** Of accelerators of any kind. */
    public Resources(long milliCores, long memoryMiB, long milliDevices) {
        this(milliCores, memoryMiB, milliDevices, AcceleratorKind.ANY);
    }

    /** The sum, whatever the accelerators are. */
    public Resources plus(Resources other) {
        return new Resources(
                milliCores + other.milliCores, memoryMiB + other.memoryMiB, milliDevices + other.milliDevices);
    }

    /** The difference, whatever the accelerators are. */
    public Resources minus(Resources other) {
        return new Resources(
                milliCores - other.milliCores, memoryMiB - other.memoryMiB, milliDevices - other.milliDevices);
    }

    Resources times(int count) {
        return new Resources(milliCores * count, memoryMiB * count, milliDevices * count, kind);
    }

    /** Of each the larger amount, whatever the accelerators are. */
    Resources max(Resources other) {
        return new Resources(
                Math.max(milliCores, other.milliCores),
                Math.max(memoryMiB, other.memoryMiB),
                Math.max(milliDevices, other.milliDevices));
    }

    /** Of each the smaller amount, whatever the accelerators are. */
    Resources min(Resources other) {
        return new Resources(
                Math.min(milliCores, other.milliCores),
                Math.min(memoryMiB, other.memoryMiB),
                Math.min(milliDevices, other.milliDevices));
    }

    /** Whether none of these amounts is more than in {@code room}, whatever the accelerators are. */
    public boolean fitsIn(Resources room) {
        return milliCores <= room.milliCores && memoryMiB <= room.memoryMiB && milliDevices <= room.milliDevices;
    }

    /** How many times these amounts fit into {@code room}, {@code most} at most. */
    int timesIn(Resources room, int most) {
        long times = Math.min(
                most,
                Math.min(
                        times(milliCores, room.milliCores),
                        Math.min(times(memoryMiB, room.memoryMiB), times(milliDevices, room.milliDevices))));
        return (int) Math.max(0, times);
    }

    private static long times(long amount, long room) {
        if (amount == 0) {
            return room < 0 ? 0 : Long.MAX_VALUE;
        }
        return room / amount;
    }

    /** So many thousandths of a unit as people write them, such as {@code 0.25}. */
    public static String thousandths(long amount) {
        return amount == 0
                ? "0"
                : BigDecimal.valueOf(amount, DECIMALS).stripTrailingZeros().toPlainString();
    }

    @Override
    public String toString() {
        return thousandths(milliCores) + " cores, " + memoryMiB + " MiB"
                + (milliDevices == 0 ? "" : ", " + thousandths(milliDevices) + unit());
    }

    private String unit() {
        String name = kind == AcceleratorKind.ANY ? "device" : kind.text();
        return milliDevices < WHOLE_DEVICE
                ? " of a " + name
                : " " + name + (kind == AcceleratorKind.ANY || milliDevices > WHOLE_DEVICE ? "s" : "");
    }
}
