package dev.ingot.scheduler.wire;

import dev.ingot.core.image.ImageName;

/**
 * What can be the name of a tenant: up to eight names that a directory can have, with slashes between them, 200 characters at most; what it means
 * {@link dev.ingot.scheduler.pool.TenantPath} knows.
 */
public final class TenantName {
    private static final int MOST_LEVELS = 8;
    private static final int MAX_LENGTH = 200;

    private TenantName() {}

    /**
     * Returns {@code name} if it can be the name of a tenant.
     *
     * @throws IllegalArgumentException otherwise
     */
    public static String require(String name) {
        String[] parts = name.split("/", -1);
        if (name.length() > MAX_LENGTH || parts.length > MOST_LEVELS) {
            throw new IllegalArgumentException(
                    "tenant '" + name + "' has more than " + MAX_LENGTH + " characters or " + MOST_LEVELS + " levels");
        }
        for (String part : parts) {
            ImageName.require(part);
        }
        return name;
    }
}
