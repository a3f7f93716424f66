package dev.ingot.accelerator.device;

/**
 * The thread that does a device's commands. It is in the JVM's outermost thread group, whose threads no image holds: all it knows is
 * in the device, and a resumed JVM starts another one.
 */
final class DeviceThread extends Thread {
    private final CommandLoop loop;

    private DeviceThread(String device, CommandLoop loop) {
        super(outermostGroup(), null, "Ingot device " + device);
        this.loop = loop;
        setDaemon(true);
    }

    static void start(String device, CommandLoop loop) {
        new DeviceThread(device, loop).start();
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
        loop.run();
    }
}
