package dev.ingot.accelerator.share;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.StringTokenizer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What an owner may have of a device that it shares with others. Immutable.
 *
 * @param owner who shares; all programs of one owner have one share together
 * @param weight from 1 on; who has twice the weight of another has twice its time while both want the device
 * @param memoryBytes how much all the owner's buffers on the device may take together; where a device host shares it, nobody else gets it
 */
public record Share(String owner, int weight, long memoryBytes) {
    /** The environment variable that gives a program a share of all its devices, as in {@code owner=team-a,weight=2,memory=4g}. */
    public static final String VARIABLE = "INGOT_DEVICE_SHARE";

    private static final int HEAVIEST = 1000;
    private static final Set<String> KEYS = Set.of("owner", "weight", "memory");

    public Share {
        if (owner.isBlank()) {
            throw new IllegalArgumentException("a share of a device needs an owner");
        }
        if (weight < 1 || weight > HEAVIEST) {
            throw new IllegalArgumentException("a share has a weight from 1 to " + HEAVIEST + ", not " + weight);
        }
        if (memoryBytes < 1) {
            throw new IllegalArgumentException("a share has memory, not " + memoryBytes + " bytes");
        }
    }

    /** What buffers with device hosts get in any case: all that the owner may have, if that is said. */
    long guaranteedBytes() {
        return memoryBytes == Long.MAX_VALUE ? 0 : memoryBytes;
    }

    /** A number for the owner, or for what the owner has of something. Never 0, which is nobody. */
    long hash(String what) {
        String text = what + owner;
        CRC32C crc = new CRC32C();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        return (crc.getValue() << 32) | (text.hashCode() & 0xffff_ffffL) | (1L << 63);
    }

    /** What {@link #VARIABLE} says, or null if it is not there. */
    public static @Nullable Share ofEnvironment() {
        String text = System.getenv(VARIABLE);
        return text == null || text.isBlank() ? null : parse(text);
    }

    /**
     * Reads {@code owner=NAME[,weight=N][,memory=N[k|m|g]]}. The weight is 1 and the memory without limit where they are not given.
     *
     * @throws IllegalArgumentException what is wrong with it
     */
    public static Share parse(String text) {
        Map<String, String> values = new LinkedHashMap<>();
        StringTokenizer parts = new StringTokenizer(text, ",");
        while (parts.hasMoreTokens()) {
            String part = parts.nextToken().strip();
            int equals = part.indexOf('=');
            String key = equals < 0 ? part : part.substring(0, equals);
            if (equals < 0 || !KEYS.contains(key)) {
                throw new IllegalArgumentException("'" + part + "' is no part of a share; write"
                        + " owner=NAME,weight=N,memory=N, where memory may end in k, m or g");
            }
            values.put(key, part.substring(equals + 1).strip());
        }
        return new Share(
                values.getOrDefault("owner", ""),
                (int) Math.min(Integer.MAX_VALUE, number("weight", values.getOrDefault("weight", "1"))),
                values.containsKey("memory") ? bytes(values.getOrDefault("memory", "")) : Long.MAX_VALUE);
    }

    private static long bytes(String text) {
        String small = text.toLowerCase(Locale.ROOT);
        int unit = small.isEmpty() ? -1 : "kmg".indexOf(small.charAt(small.length() - 1));
        if (unit < 0) {
            return number("memory", small);
        }
        long count = number("memory", small.substring(0, small.length() - 1));
        long size = 1L << (10 * (unit + 1));
        if (Math.abs(count) > Long.MAX_VALUE / size) {
            throw new IllegalArgumentException(
                    "the memory of a share is less than " + Long.MAX_VALUE + " bytes, not '" + text + "'");
        }
        return count * size;
    }

    private static long number(String key, String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException noNumber) {
            throw new IllegalArgumentException("the " + key + " of a share is a number, not '" + text + "'", noNumber);
        }
    }
}
