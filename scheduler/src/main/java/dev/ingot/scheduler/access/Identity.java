package dev.ingot.scheduler.access;

import dev.ingot.scheduler.pool.TenantPath;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who has proved who it is.
 *
 * @param name unique in a pool
 * @param tenant whose workloads, with those of its parts, are all it knows of; null for all tenants
 */
public record Identity(String name, Role role, @Nullable String tenant) {
    /** Who may enter the pool's directory. */
    public static final Identity OWNER = new Identity("owner", Role.ADMIN, null);

    public Identity {
        if ((role == Role.ADMIN || role == Role.NODE) && tenant != null) {
            throw new IllegalArgumentException("nodes and who directs them belong to no tenant; leave out '" + tenant
                    + "' or choose the role operator");
        }
    }

    public boolean may(Role needed) {
        return role.includes(needed);
    }

    /** Whether it may know of what is that tenant's: its own one's, or that of a part of it. */
    public boolean knows(String otherTenant) {
        return tenant == null || TenantPath.isWithin(otherTenant, tenant);
    }
}
