package dev.ingot.accelerator.device;

import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.state.CommandState;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Commands of a device that are done one after the other. Queues of a device are independent of each other, except for the timelines
 * they share. A queue whose command fails is over: it fails the timelines of all that was submitted and takes nothing more.
 * Thread-safe.
 */
public final class CommandQueue {
    private final Device device;
    private final String name;

    // Guarded by the lock of the device.
    private final Deque<Submission> submissions = new ArrayDeque<>();
    private @Nullable DeviceFault fault;

    CommandQueue(Device device, String name) {
        this.device = device;
        this.name = name;
    }

    /** For people, and unique on its device. */
    public String name() {
        return name;
    }

    /**
     * Has commands done, behind those submitted before. Returns at once.
     *
     * @param waits to be reached before the first command begins
     * @param commands in order
     * @param signals given when the last command is done
     * @throws DeviceFault if the device does not have an operation, is lost, or an earlier command of the queue failed
     * @throws IllegalArgumentException if a command has a buffer of another device
     */
    public void submit(List<TimelinePoint> waits, List<Command> commands, List<TimelinePoint> signals)
            throws DeviceFault {
        device.submit(this, new Submission(waits, commands, signals));
    }

    /** As {@link #submit(List, List, List)}, without anything to wait for. */
    public void submit(Command command, TimelinePoint signal) throws DeviceFault {
        submit(List.of(), List.of(command), List.of(signal));
    }

    // ---- for the device, which holds its lock

    void add(Submission submission) throws DeviceFault {
        if (fault != null) {
            throw fault;
        }
        submissions.add(submission);
    }

    /** What can be worked on now, or null. A submission that turns out to be impossible fails the queue. */
    @Nullable Submission ready(List<Runnable> afterwards) {
        Submission head = submissions.peek();
        try {
            return head != null && head.isReady(device) ? head : null;
        } catch (DeviceFault failed) {
            fail(failed, afterwards);
            return null;
        }
    }

    /** Takes the first submission out; its signals are given by {@code afterwards}. */
    void finish(List<Runnable> afterwards) {
        Submission done = submissions.remove();
        afterwards.add(done::signal);
    }

    void fail(DeviceFault reason, List<Runnable> afterwards) {
        if (fault == null) {
            fault = reason;
        }
        for (Submission submission : submissions) {
            afterwards.add(() -> submission.fail(reason));
        }
        submissions.clear();
    }

    boolean uses(DeviceBuffer buffer) {
        return submissions.stream().anyMatch(submission -> submission.uses(buffer));
    }

    List<CommandState> states() {
        List<CommandState> states = new ArrayList<>();
        for (Submission submission : submissions) {
            submission.addStates(name, states);
        }
        return states;
    }

    void continueOn(dev.ingot.accelerator.backend.DeviceDescriptor target) {
        submissions.forEach(submission -> submission.continueOn(target));
    }

    @Override
    public String toString() {
        return "queue " + name;
    }
}
