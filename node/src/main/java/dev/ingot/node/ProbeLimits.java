package dev.ingot.node;

import dev.ingot.scheduler.pool.Probe;
import dev.ingot.scheduler.wire.Quantity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * From when on what a node measures of itself speaks against it.
 *
 * @param period how often it looks; zero for never
 * @param disk how long it may take to write a little to the disk, to have it kept, and to read it
 * @param roomMiB how much room the disk has at least
 * @param memoryMiB how much memory is available at least
 * @param stallPercent of the last ten seconds, in how much nothing but waiting for memory may have been done
 * @param clock how far its clock may be from the control process's, beyond what the way there and back takes; and how far it may jump at once
 * @param speed how many times as long as it took at best, or takes the other nodes, a little work may take
 */
public record ProbeLimits(
        Duration period, Duration disk, long roomMiB, long memoryMiB, long stallPercent, Duration clock, long speed) {
    /** Those of a node that is not told others. */
    public static final ProbeLimits USUAL =
            new ProbeLimits(Duration.ofSeconds(10), Duration.ofSeconds(5), 256, 64, 60, Duration.ofSeconds(5), 4);

    private static final String NONE = "none";
    /** For probes that do not look at the disk, which a busy machine may keep from looking as long. */
    private static final Duration LEAST_PATIENCE = Duration.ofSeconds(10);

    private static final Duration MOST = Duration.ofDays(1);
    private static final long MIB_PER_GIB = 1024;
    private static final Set<String> KEYS = Set.of("every", "disk", "room", "memory", "stall", "clock", "speed");

    /** How long a probe may look, by the wall, until that speaks against the node. */
    Duration patience(Probe probe) {
        Duration twice = disk.multipliedBy(2);
        return probe == Probe.DISK || twice.compareTo(LEAST_PATIENCE) > 0 ? twice : LEAST_PATIENCE;
    }

    /**
     * Reads text such as {@code every=10s,disk=5s}; what it does not name is as usual.
     *
     * @param text {@code none} for no probes at all
     * @throws IllegalArgumentException if anything of it cannot be understood; it names all of that
     */
    public static ProbeLimits parse(String text) {
        if (text.equals(NONE)) {
            return USUAL.every(Duration.ZERO);
        }
        Map<String, String> values = new LinkedHashMap<>();
        List<String> mistakes = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            int sign = part.indexOf('=');
            String key = sign < 0 ? part : part.substring(0, sign);
            if (!KEYS.contains(key) || sign < 0) {
                mistakes.add(
                        "'" + part
                                + "' is none of 'none' and every, disk, room, memory, stall, clock and speed, each with '=' and a value");
            } else if (values.put(key, part.substring(sign + 1)) != null) {
                mistakes.add("'" + key + "' is there twice");
            }
        }
        Reader reader = new Reader(values, mistakes);
        ProbeLimits limits = new ProbeLimits(
                reader.duration("every", USUAL.period),
                reader.duration("disk", USUAL.disk),
                reader.memory("room", USUAL.roomMiB),
                reader.memory("memory", USUAL.memoryMiB),
                reader.number("stall", USUAL.stallPercent),
                reader.duration("clock", USUAL.clock),
                reader.number("speed", USUAL.speed));
        if (!mistakes.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", mistakes));
        }
        return limits;
    }

    private record Reader(Map<String, String> values, List<String> mistakes) {
        Duration duration(String key, Duration usual) {
            String text = values.get(key);
            try {
                Duration read = text == null ? usual : Quantity.duration(text);
                if (read.compareTo(MOST) > 0) {
                    mistakes.add(key + ": '" + text + "' is more than a day");
                }
                return read;
            } catch (IllegalArgumentException malformed) {
                mistakes.add(key + ": " + malformed.getMessage());
                return usual;
            }
        }

        long memory(String key, long usual) {
            String text = values.get(key);
            try {
                return text == null ? usual : Quantity.memory(text);
            } catch (IllegalArgumentException malformed) {
                mistakes.add(key + ": " + malformed.getMessage());
                return usual;
            }
        }

        long number(String key, long usual) {
            String text = values.get(key);
            if (text == null) {
                return usual;
            } else if (text.matches("[1-9][0-9]{0,3}")) {
                return Long.parseLong(text);
            }
            mistakes.add(key + ": '" + text + "' is no number from 1 to 9999");
            return usual;
        }
    }

    private ProbeLimits every(Duration other) {
        return new ProbeLimits(other, disk, roomMiB, memoryMiB, stallPercent, clock, speed);
    }

    /** Text that {@link #parse} reads. */
    public String text() {
        return "every=" + period.toMillis() + "ms,disk=" + disk.toMillis() + "ms,room=" + amount(roomMiB) + ",memory="
                + amount(memoryMiB) + ",stall=" + stallPercent + ",clock=" + clock.toMillis() + "ms,speed=" + speed;
    }

    /** In the larger unit where that is possible, since numbers of more than six digits are not read. */
    private static String amount(long mib) {
        return mib % MIB_PER_GIB == 0 ? mib / MIB_PER_GIB + "g" : mib + "m";
    }
}
