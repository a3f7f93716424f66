package dev.ingot.scheduler.access;

/** What somebody may do. Each of the first three may all that those before it may. */
public enum Role {
    /** Look. */
    VIEWER,
    /** Submit workloads and direct them. */
    OPERATOR,
    /** Direct nodes, and reserve room for tenants. */
    ADMIN,
    /** Be the node of its name, and nothing else. */
    NODE;

    boolean includes(Role other) {
        return this == other || this == ADMIN || (this != NODE && compareTo(other) >= 0);
    }
}
