package dev.ingot.accelerator.device;

import dev.ingot.accelerator.DeviceFault;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A number that only grows. Queues signal it and wait for it, on one device or many; so does the program. Unlike an event object it
 * is captured as one number. Thread-safe.
 *
 * <p>A timeline fails when a queue that was to signal it fails; whoever waits for a value not reached is then told the fault, so
 * nobody waits for ever.
 */
public final class Timeline {
    private final String name;
    /** Devices with a queue that waits for this. Guarded by this. */
    private final Set<Device> waiting = new LinkedHashSet<>();

    private long value;
    private @Nullable DeviceFault fault;

    /** A timeline that stands at 0. */
    public Timeline(String name) {
        this.name = name;
    }

    /** For people. */
    public String name() {
        return name;
    }

    /** Where it stands. */
    public synchronized long value() {
        return value;
    }

    /** Advances to {@code reached}; does nothing if it is there already. */
    public void signal(long reached) {
        Device[] woken;
        synchronized (this) {
            if (reached <= value) {
                return;
            }
            value = reached;
            notifyAll();
            woken = waiting.toArray(new Device[0]);
            waiting.clear();
        }
        for (Device device : woken) {
            device.wake();
        }
    }

    /**
     * Waits until the timeline stands at {@code awaited} or later.
     *
     * @throws DeviceFault if it never will
     */
    public synchronized void await(long awaited) throws DeviceFault, InterruptedException {
        while (!isReached(awaited)) {
            // In turns, because the threads of a resumed JVM miss notifications while they are being rebuilt.
            wait(Custody.PATIENCE_MILLIS);
        }
    }

    private boolean isReached(long awaited) throws DeviceFault {
        if (value >= awaited) {
            return true;
        }
        if (fault != null) {
            throw new DeviceFault(
                    fault.code(),
                    fault.scope(),
                    fault.retryable(),
                    "timeline " + name + " stands at " + value + " and will not reach " + awaited + ": "
                            + fault.getMessage(),
                    fault.evidence(),
                    fault);
        }
        return false;
    }

    /** Whether {@code awaited} is reached; if not, {@code device} is woken when the timeline advances or fails. */
    synchronized boolean isReachedFor(Device device, long awaited) throws DeviceFault {
        if (isReached(awaited)) {
            return true;
        }
        waiting.add(device);
        return false;
    }

    /** The first fault counts. */
    void fail(DeviceFault reason) {
        Device[] woken;
        synchronized (this) {
            if (fault == null) {
                fault = reason;
            }
            notifyAll();
            woken = waiting.toArray(new Device[0]);
            waiting.clear();
        }
        for (Device device : woken) {
            device.wake();
        }
    }

    @Override
    public String toString() {
        return name + "=" + value();
    }
}
