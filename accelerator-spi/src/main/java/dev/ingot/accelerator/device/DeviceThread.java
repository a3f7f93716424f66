package dev.ingot.accelerator.device;

import dev.ingot.accelerator.backend.Backend;

/**
 * The thread that does a device's commands. It is in the JVM's outermost thread group, whose threads no image holds: all it knows is
 * in the device, and a resumed JVM starts another one.
 */
final class DeviceThread extends Thread {
    private final Device device;
    private final Backend backend;

    private DeviceThread(Device device, Backend backend) {
        super(outermostGroup(), null, "Ingot device " + device.descriptor().name());
        this.device = device;
        this.backend = backend;
        setDaemon(true);
    }

    static void start(Device device, Backend backend) {
        new DeviceThread(device, backend).start();
    }

    private static ThreadGroup outermostGroup() {
        ThreadGroup group = Thread.currentThread().getThreadGroup();
        while (group.getParent() != null) {
            group = group.getParent();
        }
        return group;
    }

    @Override
    public void run() {
        device.serve(backend);
    }
}
