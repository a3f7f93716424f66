package dev.ingot.scheduler.pool;

/**
 * A port at which a workload serves, and the address at which it can be reached wherever it runs.
 *
 * @param name tells it from others of the workload
 * @param port at which the program listens
 * @param host at which others reach it, on the machine of the control process: an address, not a name
 * @param entrance the port there
 * @param holdMillis how long a connection waits for the program while that is nowhere
 */
public record ServicePort(String name, int port, String host, int entrance, long holdMillis) {
    /** How many a workload can have. */
    public static final int MOST = 16;
    /** How long connections wait where nothing else is said. */
    public static final long USUAL_HOLD_MILLIS = 60_000;
    /** How long connections can wait. */
    public static final long MOST_HOLD_MILLIS = 600_000;

    /** Where others reach it. */
    public String address() {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + entrance;
    }

    /** Whether nobody can listen at both addresses. */
    public boolean excludes(ServicePort other) {
        return entrance == other.entrance && (host.equals(other.host) || isAny(host) || isAny(other.host));
    }

    private static boolean isAny(String host) {
        return host.equals("0.0.0.0") || host.equals("::");
    }
}
