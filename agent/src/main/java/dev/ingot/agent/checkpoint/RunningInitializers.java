package dev.ingot.agent.checkpoint;

import dev.ingot.runtime.Pin;
import dev.ingot.runtime.PinReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The static initialisers that pin threads. One runs once and cannot be captured before it has ended, so until then a program is
 * better left alone: each attempt to stop it throws compiled code away. Immutable.
 */
final class RunningInitializers {
    private final List<Running> running;

    private record Running(Thread thread, String method) {
        boolean isOn(StackTraceElement[] stack) {
            for (StackTraceElement frame : stack) {
                String name = frame.getClassName() + "." + frame.getMethodName();
                // Whether the class's loader and module stand before it depends on where the JDK took the frame from.
                if (method.equals(name) || method.endsWith("/" + name)) {
                    return true;
                }
            }
            return false;
        }
    }

    private RunningInitializers(List<Running> running) {
        this.running = running;
    }

    /** Those among the causes of {@code pins} that still run. */
    static RunningInitializers among(List<Pin> pins) {
        List<Running> running = new ArrayList<>();
        Map<Thread, StackTraceElement[]> stacks = Map.of();
        for (Pin pin : pins) {
            String frame = pin.frame();
            if (pin.reason() == PinReason.STATIC_INITIALIZER && frame != null) {
                stacks = stacks.isEmpty() ? Thread.getAllStackTraces() : stacks;
                addOf(pin.threadName(), methodOf(frame), stacks, running);
            }
        }
        return new RunningInitializers(running);
    }

    private static void addOf(
            String threadName, String method, Map<Thread, StackTraceElement[]> stacks, List<Running> running) {
        for (Map.Entry<Thread, StackTraceElement[]> stack : stacks.entrySet()) {
            Running candidate = new Running(stack.getKey(), method);
            if (stack.getKey().getName().equals(threadName) && candidate.isOn(stack.getValue())) {
                running.add(candidate);
            }
        }
    }

    /** Whether one of them has not ended yet. */
    boolean any() {
        for (Running initializer : running) {
            if (initializer.isOn(initializer.thread.getStackTrace())) {
                return true;
            }
        }
        return false;
    }

    private static String methodOf(String frame) {
        int place = frame.indexOf('(');
        return place < 0 ? frame : frame.substring(0, place);
    }
}
