package dev.ingot.node;

import dev.ingot.core.control.ControlClient;
import dev.ingot.core.control.ControlException;
import dev.ingot.core.control.PinnedThread;
import dev.ingot.core.control.ProcessState;
import dev.ingot.core.control.ProgressListener;
import dev.ingot.core.image.ImageException;
import dev.ingot.core.image.ImageHandle;
import dev.ingot.core.image.ImageStore;
import dev.ingot.core.image.OpenFile;
import dev.ingot.scheduler.pool.ImageReference;
import dev.ingot.scheduler.pool.Order;
import dev.ingot.scheduler.pool.Phase;
import dev.ingot.scheduler.pool.Report;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One epoch of a workload on this node: a process, and what is known of it. Thread-safe.
 *
 * <p>The phase goes {@code STARTING -> RUNNING -> SUSPENDED | EXITED}; the end may come at any time.
 */
final class Copy {
    private static final int SUSPENDED_EXIT_CODE = 85;
    private static final int KILLED_EXIT_CODE = 137;
    private static final long PAUSE_MILLIS = 20;

    private final Order order;
    private final ImageStore store;
    private final Path output;
    private final Runnable changed;

    private @Nullable Process process;
    private @Nullable OutputStream guard;
    private Phase phase = Phase.STARTING;
    private @Nullable ImageReference image;
    private @Nullable Path lookedAt;
    private @Nullable String forgottenBefore;
    private int exitCode;
    private long suspendAttempt;
    private long refusedAttempt;
    private @Nullable String problem;

    /** @param changed called when there is something new to report */
    Copy(Order order, Path images, Path output, Runnable changed) {
        this.order = order;
        this.store = ImageStore.at(images);
        this.output = output;
        this.changed = changed;
    }

    String workload() {
        return order.workload();
    }

    long epoch() {
        return order.epoch();
    }

    /** Starts the process. A failure to do so is part of the report. */
    synchronized void start(Launcher launcher, long deadline) {
        try {
            Process started = launcher.start(order, deadline);
            process = started;
            guard = started.getOutputStream();
            daemon("watch " + workload(), () -> watch(started));
        } catch (IOException | RuntimeException failure) {
            problem = String.valueOf(failure.getMessage());
            exitCode = Report.NOT_STARTED;
            phase = Phase.EXITED;
        }
    }

    private static void daemon(String name, Runnable work) {
        Thread thread = new Thread(work, "ingot " + name);
        thread.setDaemon(true);
        thread.start();
    }

    private void watch(Process started) {
        try {
            while (!started.waitFor(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
                if (isReady(started.pid())) {
                    running();
                    break;
                }
            }
            ended(started.waitFor());
        } catch (InterruptedException impossible) {
            started.destroyForcibly();
        }
    }

    private static boolean isReady(long pid) {
        try (ControlClient client = ControlClient.connect(pid)) {
            return client.status().state() != ProcessState.RESUMING;
        } catch (ControlException notYet) {
            return false;
        }
    }

    private synchronized void running() {
        if (phase == Phase.STARTING) {
            phase = Phase.RUNNING;
            changed.run();
            notifyAll();
        }
    }

    private synchronized void ended(int code) {
        exitCode = code;
        lookForImage();
        phase = code == SUSPENDED_EXIT_CODE && image != null ? Phase.SUSPENDED : Phase.EXITED;
        tellGuard("end");
        closeGuard();
        changed.run();
        notifyAll();
    }

    /** Lets the program run until then, by {@link Uptime}. */
    synchronized void extend(long deadline) {
        if (phase == Phase.STARTING || phase == Phase.RUNNING) {
            tellGuard(Long.toString(deadline));
        }
    }

    private void tellGuard(String line) {
        OutputStream pipe = guard;
        if (pipe == null) {
            return;
        }
        try {
            pipe.write((line + '\n').getBytes(StandardCharsets.US_ASCII));
            pipe.flush();
        } catch (IOException gone) {
            // Nothing may run that nothing guards.
            kill();
        }
    }

    private void closeGuard() {
        OutputStream pipe = guard;
        guard = null;
        try {
            if (pipe != null) {
                pipe.close();
            }
        } catch (IOException alreadyGone) {
            // There is nobody left to tell.
        }
    }

    /** Has the program write an image and end, once for each attempt. */
    synchronized void suspend(long attempt) {
        if (attempt > suspendAttempt) {
            suspendAttempt = attempt;
            daemon("suspend " + workload(), () -> suspendNow(attempt));
        }
    }

    private void suspendNow(long attempt) {
        Process started = awaitRunning();
        if (started == null) {
            return;
        }
        try (ControlClient client = ControlClient.connect(started.pid())) {
            client.suspend(null, ProgressListener.NONE);
        } catch (ControlException failure) {
            refused(attempt, failure);
        }
    }

    private synchronized @Nullable Process awaitRunning() {
        try {
            while (phase == Phase.STARTING) {
                wait();
            }
        } catch (InterruptedException impossible) {
            return null;
        }
        return phase == Phase.RUNNING ? process : null;
    }

    private synchronized void refused(long attempt, ControlException failure) {
        if (phase == Phase.RUNNING && process != null && process.isAlive()) {
            refusedAttempt = attempt;
            problem = describe(failure);
            changed.run();
        }
    }

    private static String describe(ControlException failure) {
        String pins = failure.pins().stream().map(Copy::describe).collect(Collectors.joining("; "));
        return pins.isEmpty() ? String.valueOf(failure.getMessage()) : failure.getMessage() + ": " + pins;
    }

    private static String describe(PinnedThread pin) {
        return "thread '" + pin.thread() + "' is pinned, " + pin.reason() + " at " + pin.frame();
    }

    /** Ends the process without further ado. */
    synchronized void kill() {
        if (process != null) {
            process.destroyForcibly();
        } else if (phase != Phase.EXITED) {
            exitCode = KILLED_EXIT_CODE;
            phase = Phase.EXITED;
        }
    }

    /** Whether there is no process any more. */
    synchronized boolean hasEnded() {
        return phase == Phase.SUSPENDED || phase == Phase.EXITED;
    }

    synchronized Report report() {
        if (phase == Phase.RUNNING) {
            lookForImage();
        }
        long length = hasEnded() && Files.exists(output) ? output.toFile().length() : 0;
        return new Report(workload(), epoch(), phase, image, exitCode, length, refusedAttempt, problem);
    }

    /** Deletes what is older than {@code known}, which the control process has on its disk. */
    void forgetImagesBefore(ImageReference known) {
        if (known.directory().equals(forgottenBefore)) {
            return;
        }
        try {
            List<Path> directories = store.directories(workload());
            for (Path directory : directories) {
                if (directory.toString().equals(known.directory())) {
                    forgottenBefore = known.directory();
                    return;
                }
                store.delete(directory);
            }
        } catch (ImageException busy) {
            // It is tried again behind the next image.
        }
    }

    // The length of the output at the image is in the image itself.
    private void lookForImage() {
        try {
            List<Path> directories = store.directories(workload());
            Process started = process;
            if (directories.isEmpty() || started == null) {
                return;
            }
            Path newest = directories.get(directories.size() - 1);
            if (newest.equals(lookedAt)) {
                return;
            }
            ImageHandle handle = ImageStore.open(newest);
            lookedAt = newest;
            if (handle.manifest().process().pid() == started.pid()) {
                image = reference(handle);
            }
        } catch (IOException unusable) {
            // Not an image to go on from.
        }
    }

    private ImageReference reference(ImageHandle handle) throws IOException {
        String path = output.toRealPath().toString();
        for (OpenFile file : handle.manifest().contents().files()) {
            if (file.path().equals(path)) {
                return new ImageReference(
                        handle.directory().toString(),
                        handle.manifest().sequence(),
                        handle.manifest().packBytes(),
                        file.size());
            }
        }
        throw new IOException("image " + handle + " does not say how long " + path + " was");
    }
}
