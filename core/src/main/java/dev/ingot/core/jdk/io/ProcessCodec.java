package dev.ingot.core.jdk.io;

import dev.ingot.core.heap.NotCapturableException;
import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.jdk.access.Slot;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Children of the program, once they have ended; a running one cannot be had again. */
final class ProcessCodec implements ObjectCodec<Process> {
    @Override
    public boolean accepts(Class<?> type) {
        return type.getName().equals("java.lang.ProcessImpl");
    }

    @Override
    public Object[] capture(Process process) throws NotCapturableException {
        if (!Slot.of(process.getClass(), "hasExited").getBoolean(process)) {
            String command = process.toHandle().info().commandLine().orElse("its command line is not readable");
            throw new NotCapturableException("cannot carry child process " + process.pid() + " (" + command
                    + "): it is still running; wait for it, or take the checkpoint once it has ended");
        }
        for (String name : new String[] {"stdin", "stdout", "stderr"}) {
            collect(Slot.of(process.getClass(), name).get(process), process);
        }
        return FieldState.capture(process, Set.of());
    }

    /** What the JDK does too, but on a thread of its own that may not have come to it yet: take what is left in the pipe. */
    private static void collect(@Nullable Object stream, Process process) throws NotCapturableException {
        JdkCall exited = stream == null ? null : JdkCall.find(stream.getClass(), "processExited");
        if (exited == null) {
            return;
        }
        try {
            exited.call(stream);
        } catch (IOException e) {
            throw new NotCapturableException(
                    "cannot read the last output of child process " + process.pid() + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void restore(Process process, Object[] state) {
        FieldState.restore(process, state);
        Slot lock = Slot.find(process.getClass(), "lock");
        if (lock != null && lock.get(process) == null) {
            ReentrantLock made = new ReentrantLock();
            lock.put(process, made);
            Slot.of(process.getClass(), "condition").put(process, made.newCondition());
        }
    }
}
