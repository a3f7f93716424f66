package dev.ingot.accelerator.device;

import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.backend.DeviceDescriptor;
import dev.ingot.accelerator.backend.OperationSupport;
import dev.ingot.accelerator.backend.Registers;
import dev.ingot.accelerator.state.CommandState;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Commands that were submitted together and how far they are. Guarded by the lock of the device. */
final class Submission {
    private final List<TimelinePoint> waits;
    private final List<Command> commands;
    private final List<TimelinePoint> signals;
    private int current;
    private long done;
    private @Nullable Registers registers;
    /** Of the present command's last step; 0 if it has had none. */
    private double nanosPerItem;

    Submission(List<TimelinePoint> waits, List<Command> commands, List<TimelinePoint> signals) {
        this.waits = List.copyOf(waits);
        this.commands = List.copyOf(commands);
        this.signals = List.copyOf(signals);
        skipFinished();
    }

    List<Command> commands() {
        return commands;
    }

    boolean isReady(Device device) throws DeviceFault {
        for (TimelinePoint wait : waits) {
            if (!wait.timeline().isReachedFor(device, wait.value())) {
                return false;
            }
        }
        return true;
    }

    boolean isDone() {
        return current == commands.size();
    }

    Command command() {
        return commands.get(current);
    }

    /** The items of {@link #command} before this one are done. */
    long done() {
        return done;
    }

    /** Where the step that begins at {@link #done} was stopped; null if it is still to begin. */
    @Nullable Registers registers() {
        return registers;
    }

    /** @param nanos what was spent on it now */
    void stopIn(Registers step, long nanos) {
        double more = (double) nanos / (step.end() - step.first());
        nanosPerItem = registers == null ? more : nanosPerItem + more;
        registers = step;
    }

    /** @param nanos what that took */
    void advanceTo(long item, long nanos) {
        if (item > done) {
            nanosPerItem = (double) nanos / (item - done);
        }
        done = item;
        registers = null;
        skipFinished();
    }

    private void skipFinished() {
        while (!isDone() && done >= command().items()) {
            current++;
            done = 0;
            nanosPerItem = 0;
        }
    }

    void signal() {
        for (TimelinePoint signal : signals) {
            signal.timeline().signal(signal.value());
        }
    }

    void fail(DeviceFault reason) {
        for (TimelinePoint signal : signals) {
            signal.timeline().fail(reason);
        }
    }

    boolean uses(DeviceBuffer buffer) {
        for (Command command : commands.subList(current, commands.size())) {
            if (buffersOf(command).contains(buffer)) {
                return true;
            }
        }
        return false;
    }

    static List<DeviceBuffer> buffersOf(Command command) {
        if (command instanceof Kernel kernel) {
            return kernel.buffers();
        } else if (command instanceof Command.Copy copy) {
            return List.of(copy.source(), copy.target());
        }
        return List.of(((Command.Fill) command).target());
    }

    void addStates(String queue, List<CommandState> states) {
        for (int i = current; i < commands.size(); i++) {
            if (commands.get(i) instanceof Kernel kernel) {
                boolean isCurrent = i == current;
                states.add(new CommandState(
                        queue,
                        kernel.operation(),
                        kernel.items(),
                        isCurrent ? done : 0,
                        isCurrent ? registers : null,
                        isCurrent ? nanosPerItem : 0));
            }
        }
    }

    /** Steps back to where the target can begin. */
    void continueOn(DeviceDescriptor target) {
        if (!isDone() && command() instanceof Kernel kernel) {
            OperationSupport support = target.support(kernel.operation());
            registers = registers == null ? null : target.goesOnFrom(kernel.operation(), registers);
            if (support != null && registers == null) {
                done -= done % support.grain();
            }
        }
    }

    /** The kernels that are not done. */
    List<Kernel> kernels() {
        List<Kernel> kernels = new ArrayList<>();
        for (Command command : commands) {
            if (command instanceof Kernel kernel) {
                kernels.add(kernel);
            }
        }
        return kernels;
    }
}
