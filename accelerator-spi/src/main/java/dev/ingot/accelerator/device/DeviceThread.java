package dev.ingot.accelerator.device;

/**
 * A thread that does a device's commands, watches over them, or joins or leaves those who share it. It is in the JVM's outermost thread group, whose threads
 * no image holds: all it knows is in the device, and a resumed JVM starts another one.
 */
final class DeviceThread extends Thread {
    private final Runnable work;

    private DeviceThread(String device, Runnable work) {
        super(outermostGroup(), null, "Ingot device " + device);
        this.work = work;
        setDaemon(true);
    }

    static Thread start(String device, Runnable work) {
        Thread thread = new DeviceThread(device, work);
        thread.start();
        return thread;
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
        work.run();
    }
}
