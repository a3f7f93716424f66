package dev.ingot.scheduler.pool;

/**
 * An amount of what nodes have and workloads need.
 *
 * @param milliCores thousandths of a processor core
 * @param memoryMiB main memory
 * @param devices whole accelerators
 */
public record Resources(long milliCores, long memoryMiB, long devices) {
    /** Nothing. */
    public static final Resources NONE = new Resources(0, 0, 0);

    public Resources plus(Resources other) {
        return new Resources(milliCores + other.milliCores, memoryMiB + other.memoryMiB, devices + other.devices);
    }

    public Resources minus(Resources other) {
        return new Resources(milliCores - other.milliCores, memoryMiB - other.memoryMiB, devices - other.devices);
    }

    /** Whether none of these amounts is more than in {@code room}. */
    public boolean fitsIn(Resources room) {
        return milliCores <= room.milliCores && memoryMiB <= room.memoryMiB && devices <= room.devices;
    }

    /** How many times these amounts fit into {@code room}, {@code most} at most. */
    int timesIn(Resources room, int most) {
        long times = Math.min(
                most,
                Math.min(
                        times(milliCores, room.milliCores),
                        Math.min(times(memoryMiB, room.memoryMiB), times(devices, room.devices))));
        return (int) Math.max(0, times);
    }

    private static long times(long amount, long room) {
        if (amount == 0) {
            return room < 0 ? 0 : Long.MAX_VALUE;
        }
        return room / amount;
    }

    @Override
    public String toString() {
        String cores = milliCores % 1000 == 0 ? Long.toString(milliCores / 1000) : Double.toString(milliCores / 1000.0);
        return cores + " cores, " + memoryMiB + " MiB" + (devices == 0 ? "" : ", " + devices + " devices");
    }
}
