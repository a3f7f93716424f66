package dev.ingot.node;

import dev.ingot.scheduler.pool.Order;
import dev.ingot.scheduler.pool.Resources;
import dev.ingot.scheduler.pool.WorkloadSpec;
import java.util.List;
import java.util.Map;
import java.util.StringTokenizer;

/**
 * What a workload may have of accelerators that it shares with others. Whose share it is the workload does not say itself: it is its
 * tenant's, so that all programs of a tenant have one share together, and nobody has another's.
 */
final class DeviceShare {
    private static final String WEIGHT = "weight=";
    private static final List<String> DESCRIBED = List.of(WEIGHT, "memory=");
    private static final int MILLI_PER_WEIGHT = Resources.WHOLE_DEVICE / WorkloadSpec.MOST_DEVICE_WEIGHT;

    private DeviceShare() {}

    /** Sets the variable that the program's accelerators are opened by; not for one that neither needs any nor says what it may have. */
    static void put(Map<String, String> environment, Order order) {
        WorkloadSpec spec = order.spec();
        Resources needs = order.alternative().needs();
        String described = spec.environment().get(WorkloadSpec.DEVICE_SHARE_VARIABLE);
        environment.remove(WorkloadSpec.DEVICE_SHARE_VARIABLE);
        if (described == null && needs.milliDevices() == 0) {
            return;
        }
        StringBuilder share = new StringBuilder("owner=").append(spec.tenant());
        for (StringTokenizer parts = new StringTokenizer(described == null ? "" : described, ",");
                parts.hasMoreTokens(); ) {
            String part = parts.nextToken().strip();
            if (DESCRIBED.stream().anyMatch(part::startsWith)) {
                share.append(',').append(part);
            }
        }
        long part = needs.milliDevices();
        if (part > 0 && part < Resources.WHOLE_DEVICE && share.indexOf(WEIGHT) < 0) {
            // Beside others on its device it has time as it asked for it.
            share.append(',').append(WEIGHT).append(Math.max(1, part / MILLI_PER_WEIGHT));
        }
        environment.put(WorkloadSpec.DEVICE_SHARE_VARIABLE, share.toString());
    }
}
