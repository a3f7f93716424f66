package dev.ingot.scheduler.pool;

import java.util.HashMap;
import java.util.Map;

/**
 * How much of a tree of reservations is taken, while workloads are covered by it one after the other. A tenant's reservation is kept for it whether
 * or not it uses it; what its whole has reserved beyond the reservations of its parts is for any of them. Not thread-safe.
 */
final class Coverage {
    private final String root;
    private final Map<String, Resources> reservations = new HashMap<>();
    /** What is taken of a tenant's reservation, or of that of its whole, with all that is kept for its parts. */
    private final Map<String, Resources> loads = new HashMap<>();

    /**
     * @param root the tenant that all others are parts of
     * @param reservations by tenant, also of others
     */
    Coverage(String root, Map<String, Resources> reservations) {
        this.root = root;
        reservations.forEach((tenant, amount) -> {
            if (TenantPath.isWithin(tenant, root)) {
                Resources before = kept(tenant);
                this.reservations.put(tenant, amount);
                raise(tenant, kept(tenant).minus(before));
            }
        });
    }

    private Resources load(String tenant) {
        return loads.getOrDefault(tenant, Resources.NONE);
    }

    /** What nobody but a tenant can have. */
    private Resources kept(String tenant) {
        return load(tenant).max(reservations.getOrDefault(tenant, Resources.NONE));
    }

    /** Of a tenant so much more is kept. */
    private void raise(String tenant, Resources more) {
        String whole = TenantPath.parent(tenant);
        if (whole != null) {
            load(whole, more);
        }
    }

    private void load(String tenant, Resources more) {
        Resources before = kept(tenant);
        loads.put(tenant, load(tenant).plus(more));
        raise(tenant, kept(tenant).minus(before));
    }

    /** Covers an amount of a tenant's own, if what is reserved is enough for it; returns whether it is. */
    boolean cover(String tenant, Resources amount) {
        load(tenant, amount);
        if (load(root).fitsIn(reservations.getOrDefault(root, Resources.NONE))) {
            return true;
        }
        load(tenant, Resources.NONE.minus(amount));
        return false;
    }
}
