package dev.ingot.scheduler.pool;

import org.jspecify.annotations.Nullable;

/**
 * Names of tenants, which form a tree: {@code research/vision} is a part of {@code research}.
 *
 * <p>An inner tenant can have workloads of its own, which share with its parts as one more part does. {@code research/} stands for these.
 */
public final class TenantPath {
    private static final char SEPARATOR = '/';

    private TenantPath() {}

    /** Whether a tenant is another one or a part of it, at any depth. */
    public static boolean isWithin(String path, String ancestor) {
        return path.startsWith(ancestor)
                && (path.length() == ancestor.length() || path.charAt(ancestor.length()) == SEPARATOR);
    }

    /** A name in which nothing is a separator of directories, and which no other tenant has. */
    public static String flat(String path) {
        return path.replace(SEPARATOR, '+');
    }

    /** The one of which a tenant is a part; null if it is none. */
    static @Nullable String parent(String path) {
        int end = path.lastIndexOf(SEPARATOR);
        return end < 0 ? null : path.substring(0, end);
    }

    /** The first part of a name. */
    static String root(String path) {
        int end = path.indexOf(SEPARATOR);
        return end < 0 ? path : path.substring(0, end);
    }

    /** What stands for a tenant's own workloads, without those of its parts. */
    static String own(String path) {
        return path + SEPARATOR;
    }

    static boolean isOwn(String key) {
        return key.charAt(key.length() - 1) == SEPARATOR;
    }

    /** The tenant whose own workloads {@code key} stands for. */
    static String ofOwn(String key) {
        return key.substring(0, key.length() - 1);
    }

    /**
     * As what a tenant shares with another one: the part of it just below what both are parts of, or its own workloads where the other one is a
     * part of it.
     */
    static String rival(String path, String other) {
        if (path.indexOf(SEPARATOR) < 0 && other.indexOf(SEPARATOR) < 0) {
            return path;
        }
        int end = path.indexOf(SEPARATOR);
        while (end >= 0 && isWithin(other, path.substring(0, end))) {
            end = path.indexOf(SEPARATOR, end + 1);
        }
        if (end >= 0) {
            return path.substring(0, end);
        }
        return isWithin(other, path) ? own(path) : path;
    }
}
