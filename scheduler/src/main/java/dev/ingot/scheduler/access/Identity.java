package dev.ingot.scheduler.access;

import org.jspecify.annotations.Nullable;

/**
 * Somebody who has proved who it is.
 *
 * @param name unique in a pool
 * @param tenant whose workloads are all it knows of; null for all tenants
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

    /** Whether it may know of what is that tenant's. */
    public boolean knows(String otherTenant) {
        return tenant == null || tenant.equals(otherTenant);
    }
}
