package dev.ingot.scheduler.pool;

import java.util.List;

/**
 * A port at which a workload serves, and the address at which it can be reached wherever it runs.
 *
 * @param name tells it from others of the workload
 * @param port at which the program listens
 * @param host at which others reach it, on the machine of the control process: an address, not a name
 * @param entrance the port there
 * @param holdMillis how long a connection waits for the program while that is nowhere
 * @param members of what is submitted as a gang: the port of the host at which its first member alone is reached, the others at those that follow; 0 for none
 * @param step of what is submitted as a gang: by how much the port at which a member listens is higher than that of the one before
 */
public record ServicePort(String name, int port, String host, int entrance, long holdMillis, int members, int step) {
    /** How many a workload can have. */
    public static final int MOST = 16;
    /** At how many addresses the services of a gang can be reached together. */
    public static final int MOST_ADDRESSES = 256;
    /** How long connections wait where nothing else is said. */
    public static final long USUAL_HOLD_MILLIS = 60_000;
    /** How long connections can wait. */
    public static final long MOST_HOLD_MILLIS = 600_000;

    /** Of a workload of its own, or of members that listen at the same port and are not reached alone. */
    public ServicePort(String name, int port, String host, int entrance, long holdMillis) {
        this(name, port, host, entrance, holdMillis, 0, 0);
    }

    /** What a member of a gang has of it: the address that it shares with the others, and its own if there are such. */
    public List<ServicePort> ofMember(int index) {
        int own = port + index * step;
        ServicePort shared = new ServicePort(name, own, host, entrance, holdMillis);
        return members == 0
                ? List.of(shared)
                : List.of(shared, new ServicePort(name + "." + index, own, host, members + index, holdMillis));
    }

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
