package dev.ingot.node;

import dev.ingot.scheduler.pool.AcceleratorKind;
import dev.ingot.scheduler.pool.NodeDevices;
import dev.ingot.scheduler.pool.Order;
import dev.ingot.scheduler.pool.WorkloadSpec;
import java.util.Map;
import java.util.stream.Collectors;

/** Tells a program which accelerators of its node it has. */
final class GrantedDevices {
    private GrantedDevices() {}

    /**
     * Sets the variables that name them, in place of any that an image or a description has brought.
     *
     * @param devices of the node that the order is for
     */
    static void put(Map<String, String> environment, Order order, NodeDevices devices) {
        environment.remove(WorkloadSpec.DEVICES_VARIABLE);
        environment.remove(WorkloadSpec.DEVICE_KIND_VARIABLE);
        AcceleratorKind kind = order.alternative().kind();
        if (order.spec().namesAccelerators()) {
            environment.put(WorkloadSpec.DEVICE_KIND_VARIABLE, kind.text());
        }
        if (!order.devices().isEmpty()) {
            // A provider knows nothing of the kinds that the node numbers before its own.
            int first = devices.first(kind);
            environment.put(
                    WorkloadSpec.DEVICES_VARIABLE,
                    order.devices().stream()
                            .map(device -> Integer.toString(device - first))
                            .collect(Collectors.joining(",")));
        }
    }
}
