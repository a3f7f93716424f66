package dev.ingot.scheduler.forward;

import dev.ingot.scheduler.pool.ServicePort;
import java.util.List;

/**
 * A service that is to be reached.
 *
 * @param workload whose it is: a workload's id, or that of a gang
 * @param copies those that serve there, also where they are nowhere now; connections are shared out among them
 */
public record Forwarding(String workload, ServicePort port, List<Living> copies) {
    public Forwarding {
        copies = List.copyOf(copies);
    }

    String key() {
        return workload + "/" + port.name();
    }
}
