package dev.ingot.node;

import dev.ingot.core.control.ControlClient;
import dev.ingot.core.control.ControlException;
import dev.ingot.core.control.PinnedThread;
import dev.ingot.core.control.ProcessState;
import dev.ingot.core.control.ProgressListener;
import dev.ingot.core.image.ImageContents;
import dev.ingot.core.image.ImageException;
import dev.ingot.core.image.ImageHandle;
import dev.ingot.core.image.ImageStore;
import dev.ingot.core.image.OpenFile;
import dev.ingot.scheduler.pool.Goal;
import dev.ingot.scheduler.pool.ImageReference;
import dev.ingot.scheduler.pool.Order;
import dev.ingot.scheduler.pool.Phase;
import dev.ingot.scheduler.pool.Report;
import dev.ingot.scheduler.pool.ServicePort;
import dev.ingot.scheduler.wire.Listening;
import dev.ingot.scheduler.wire.PoolDirectory;
import dev.ingot.scheduler.wire.PoolException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One epoch of a workload on this node: a process, and what is known of it. Thread-safe.
 *
 * <p>The phase goes {@code STARTING -> RUNNING -> SUSPENDED | EXITED}; the end may come at any time. An image is reported once others can
 * go on from it, and an end once the output before it can be read by others.
 */
final class Copy {
    private static final int SUSPENDED_EXIT_CODE = 85;
    private static final int KILLED_EXIT_CODE = 137;
    /** Of the shell that was to become the program. */
    private static final int NOT_EXECUTABLE = 126;

    private static final int NOT_FOUND = 127;
    /** Of a JVM with -XX:+ExitOnOutOfMemoryError, which says so in its output; programs may end with it as well. */
    private static final int OUT_OF_MEMORY_EXIT_CODE = 3;

    private static final String OUT_OF_MEMORY = "Terminating due to java.lang.OutOfMemoryError: ";
    private static final String WARNING = "[ingot] warning: ";
    private static final int MOST_TAIL = 1000;
    private static final long PAUSE_MILLIS = 20;
    private static final long CARRY_MILLIS = 100;
    private static final long RETRY_MILLIS = 200;

    private volatile Order order;
    private final ImageStore store;
    private final Path output;
    private final Path agentLog;
    /** Names the image for a process that waits for it. */
    private final Path go;

    private final OutputReserve reserve;
    private final Depot depot;
    private final ShippedFiles files;
    private final Runnable changed;

    private @Nullable Process process;
    private @Nullable OutputStream guard;
    private long deadline;
    private boolean killed;
    private boolean dropped;
    private Phase phase = Phase.STARTING;
    private @Nullable ImageReference image;
    /** Of the thread of this copy: the newest image that was looked at, and those that are not of this process. */
    private @Nullable Path lookedAt;

    /** Of the thread of this copy: the image that a process has read which waits for its last one. */
    private @Nullable ImageHandle readAhead;

    private final Set<Path> foreign = new HashSet<>();
    private List<String> forgottenBefore = List.of();
    private long keptOutput;
    private int exitCode;
    private boolean copying;
    private long suspendAttempt;
    private long refusedAttempt;
    /** The ports of its services at which it listens. */
    private List<Integer> listening = List.of();

    /** Which copies of its gang run, as the program knows. */
    private String company = "";

    private boolean tellingCompany;

    /** Whether it stands still because there is no room on the disk for its output. */
    private boolean lacksRoom;

    private @Nullable String problem;
    private @Nullable String warning;
    /** Of the thread of this copy: how much of it the last warning ends. */
    private long agentLogRead;

    /** @param changed called when there is something new to report */
    Copy(Order order, Path images, Path output, Path agentLog, Depot depot, ShippedFiles files, Runnable changed) {
        this.files = files;
        this.order = order;
        this.store = ImageStore.at(images);
        this.output = output;
        this.reserve = new OutputReserve(output);
        this.agentLog = agentLog;
        this.go = output.resolveSibling("go-" + order.epoch());
        this.depot = depot;
        this.changed = changed;
    }

    String workload() {
        return order.workload();
    }

    long epoch() {
        return order.epoch();
    }

    /** Begins to start the process. A failure to do so is part of the report. */
    synchronized void start(Launcher launcher, long until) {
        deadline = until;
        daemon("copy " + workload(), () -> live(launcher));
    }

    private static void daemon(String name, Runnable work) {
        Thread thread = new Thread(work, "ingot " + name);
        thread.setDaemon(true);
        thread.start();
    }

    private void live(Launcher launcher) {
        try {
            Process waiting = order.goal() == Goal.PREPARE ? prepare(launcher) : null;
            awaitGo();
            awaitRoom();
            putFiles();
            Path from = fetch();
            Process started =
                    waiting != null && from != null && waiting.isAlive() && !isOver() && goesOnWhatWasRead(from)
                            ? release(waiting, from)
                            : launch(launcher, from);
            if (started != null) {
                watch(started);
            }
        } catch (IOException | RuntimeException failure) {
            notStarted(failure);
        } catch (InterruptedException impossible) {
            drop();
        }
    }

    /**
     * Fetches an image that is not the last one, and starts a process that reads it and then waits for the last one, which says only what
     * has changed since.
     *
     * @return null if that is not possible; then it is started like any other when it comes
     */
    private @Nullable Process prepare(Launcher launcher) throws InterruptedException {
        try {
            // The program stands still while it moves: then there is to be room already.
            awaitRoom();
            putFiles();
            Path base = fetch();
            if (base == null) {
                return null;
            }
            Path ready = beside("ready");
            Files.deleteIfExists(go);
            Files.deleteIfExists(ready);
            Files.writeString(beside("base"), base.toString());
            readAhead = ImageStore.open(base);
            Process started = prepare(launcher, base);
            while (started != null && !Files.exists(ready) && !started.waitFor(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
                if (isOver()) {
                    return started;
                }
            }
            if (started != null && started.isAlive()) {
                ready(Phase.PREPARED);
            }
            return started;
        } catch (IOException impossible) {
            System.err.println("ingot: cannot get ready for " + workload() + ": " + impossible.getMessage());
            return null;
        }
    }

    private synchronized @Nullable Process prepare(Launcher launcher, Path base) throws IOException {
        if (isOver()) {
            return null;
        }
        company = order.company();
        Process started = launcher.prepare(order, base, go, deadline);
        process = started;
        guard = started.getOutputStream();
        return started;
    }

    private Path beside(String what) {
        return go.resolveSibling(go.getFileName() + "." + what);
    }

    private synchronized void ready(Phase reached) {
        if (phase == Phase.STARTING && order.goal() == Goal.PREPARE) {
            phase = reached;
            changed.run();
        }
    }

    /** What it was prepared for has come. */
    synchronized void go(Order last) {
        copying = false;
        if (order.goal() == Goal.PREPARE) {
            order = last;
            phase = phase == Phase.PREPARED ? Phase.STARTING : phase;
            notifyAll();
        }
    }

    private synchronized void awaitGo() throws InterruptedException {
        while (order.goal() == Goal.PREPARE && !isOver()) {
            wait();
        }
    }

    private boolean goesOnWhatWasRead(Path from) throws ImageException {
        return readAhead != null && ImageStore.open(from).goesOn(readAhead);
    }

    private Process release(Process waiting, Path from) throws IOException {
        foreign.addAll(store.directories(workload()));
        Path fresh = Files.writeString(beside("fresh"), from.toString());
        Files.move(fresh, go, StandardCopyOption.ATOMIC_MOVE);
        return waiting;
    }

    /** The image to go on from, on this disk; null to begin, or if there is no need any more. */
    private @Nullable Path fetch() throws IOException, InterruptedException {
        ImageReference from = order.image();
        while (from != null && !isOver()) {
            try {
                return depot.fetch(order, from);
            } catch (PoolException later) {
                pause();
            }
        }
        return null;
    }

    private void putFiles() throws IOException, InterruptedException {
        boolean there = false;
        while (!there && !isOver()) {
            try {
                files.put(order);
                there = true;
            } catch (PoolException later) {
                pause();
            }
        }
    }

    /** There is to be room for what it writes. */
    private void awaitRoom() throws IOException, InterruptedException {
        PoolDirectory.createOwned(output.resolveSibling(""));
        while (!isOver() && !heedRoom()) {
            pause();
        }
    }

    /** Whether there is room for what it writes next. While there is none the program stands still. */
    private boolean heedRoom() throws IOException, InterruptedException {
        boolean room = reserve.hold();
        setLacksRoom(!room);
        return room;
    }

    private synchronized void setLacksRoom(boolean lacks) {
        if (lacks != lacksRoom) {
            lacksRoom = lacks;
            tellGuard(Long.toString(lacks ? 0 : deadline));
            warned(
                    lacks
                            ? "stands still: no room on the disk for what it writes"
                            : "goes on: there is room on the disk again");
        }
    }

    private synchronized boolean isOver() {
        return killed || dropped;
    }

    private synchronized void pause() throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(RETRY_MILLIS);
        for (long left = RETRY_MILLIS; left > 0 && !dropped; ) {
            wait(left);
            left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
        }
    }

    private synchronized @Nullable Process launch(Launcher launcher, @Nullable Path from) throws IOException {
        // One that was to wait for its image and cannot go on: the guard kills it.
        closeGuard();
        if (isOver()) {
            end(KILLED_EXIT_CODE);
            return null;
        }
        foreign.addAll(store.directories(workload()));
        company = order.company();
        Process started = launcher.start(order, from, deadline);
        process = started;
        guard = started.getOutputStream();
        return started;
    }

    private synchronized void notStarted(Exception failure) {
        problem = String.valueOf(failure.getMessage());
        end(Report.NOT_STARTED);
    }

    private void watch(Process started) throws InterruptedException {
        // They have ended: this one would not run otherwise.
        releaseRoom(false);
        boolean ready = false;
        ListeningPorts ports = new ListeningPorts(
                started.pid(),
                order.spec().services().stream().map(ServicePort::port).toList());
        while (!started.waitFor(ready ? CARRY_MILLIS : PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
            if (!ready && isReady(started.pid())) {
                ready = true;
                running();
            }
            if (ready) {
                look(ports);
            }
            heedRoomWhileItRuns();
            carry(started);
        }
        tellGuard("end");
        closeGuard();
        releaseRoom(true);
        while (!carry(started)) {
            pause();
        }
        ended(started.exitValue(), ready);
    }

    private void heedRoomWhileItRuns() throws InterruptedException {
        try {
            heedRoom();
        } catch (IOException failure) {
            System.err.println("ingot: " + workload() + ": " + failure.getMessage());
        }
    }

    /** @param own whether it is that of this copy, or those of earlier ones */
    private void releaseRoom(boolean own) {
        try {
            if (own) {
                reserve.release();
            } else {
                reserve.releaseEarlier();
            }
        } catch (IOException failure) {
            System.err.println("ingot: " + workload() + ": " + failure.getMessage());
        }
    }

    private void look(ListeningPorts ports) {
        try {
            listens(ports.now());
        } catch (IOException ended) {
            // It says so by itself.
        }
    }

    private synchronized void listens(List<Integer> ports) {
        if (!ports.equals(listening)) {
            listening = ports;
            changed.run();
        }
    }

    /** Where its services can be reached; no ports if they cannot, or it has none. */
    synchronized Listening listening() {
        return new Listening(workload(), epoch(), phase == Phase.RUNNING ? listening : List.of());
    }

    private synchronized void ended(int code, boolean ranBefore) {
        if (code == Launcher.NOT_RESUMED_EXIT_CODE && order.image() != null) {
            problem = lastLine(agentLog);
            end(Report.NOT_RESUMED);
        } else if ((code == NOT_FOUND || code == NOT_EXECUTABLE) && !ranBefore) {
            problem = lastLine(output);
            end(Report.NOT_STARTED);
        } else if (code == OUT_OF_MEMORY_EXIT_CODE && lastLine(output).startsWith(OUT_OF_MEMORY)) {
            problem = lastLine(output).substring(OUT_OF_MEMORY.length());
            end(Report.OUT_OF_MEMORY);
        } else {
            end(code);
        }
    }

    /** As far as it is needed for a message. */
    private static String lastLine(Path text) {
        try (RandomAccessFile file = new RandomAccessFile(text.toFile(), "r")) {
            byte[] tail = new byte[(int) Math.min(MOST_TAIL, file.length())];
            file.seek(file.length() - tail.length);
            file.readFully(tail);
            String[] lines = new String(tail, StandardCharsets.UTF_8).strip().split("\n", -1);
            return lines[lines.length - 1].strip();
        } catch (IOException unreadable) {
            return text.getFileName() + " cannot be read";
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

    private synchronized void end(int code) {
        exitCode = code;
        phase = code == SUSPENDED_EXIT_CODE && image != null ? Phase.SUSPENDED : Phase.EXITED;
        changed.run();
        notifyAll();
    }

    /** What the agent says of itself is no part of the program's output; the pool keeps the last of it. */
    private void heedAgent() {
        long length = agentLog.toFile().length();
        if (length > agentLogRead) {
            agentLogRead = length;
            warned(lastLine(agentLog));
        }
    }

    private synchronized void warned(String message) {
        warning = message.startsWith(WARNING) ? message.substring(WARNING.length()) : message;
        changed.run();
    }

    /** Brings what is new to where others find it. Whether that is done, or useless. */
    private boolean carry(Process started) {
        if (isDropped()) {
            return true;
        }
        heedAgent();
        ImageHandle found = newImage(started);
        try {
            long length = Files.exists(output) ? Files.size(output) : 0;
            if (length > keptOutput) {
                depot.keepOutput(order, length);
                keptOutput = length;
            }
            if (found != null) {
                ImageReference reference = reference(found);
                depot.keep(order, found.directory());
                kept(reference);
            }
        } catch (PoolException later) {
            lookedAt = null;
            return isDropped();
        } catch (IOException unusable) {
            System.err.println("ingot: " + workload() + ": " + unusable.getMessage());
        }
        return true;
    }

    private synchronized boolean isDropped() {
        return dropped;
    }

    private synchronized void kept(ImageReference reference) {
        image = reference;
        changed.run();
    }

    /** Lets the program run until then, by {@link Uptime}. */
    synchronized void extend(long until) {
        deadline = until;
        if (!lacksRoom) {
            tellGuard(Long.toString(until));
        }
    }

    private synchronized void tellGuard(String line) {
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

    private synchronized void closeGuard() {
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

    /** Which copies of its gang run; the program is told if it does not know. */
    synchronized void company(String running) {
        if (phase == Phase.RUNNING && !running.equals(company) && !tellingCompany) {
            tellingCompany = true;
            daemon("company of " + workload(), () -> tellCompany(running));
        }
    }

    private void tellCompany(String running) {
        Process started = awaitRunning();
        boolean told = false;
        if (started != null) {
            try (ControlClient client = ControlClient.connect(started.pid())) {
                client.company(running);
                told = true;
            } catch (ControlException failure) {
                // It is told with the next beat, if it has not ended.
                System.err.println("ingot: " + workload() + " cannot be told who runs: " + describe(failure));
            }
        }
        toldCompany(told ? running : null);
    }

    private synchronized void toldCompany(@Nullable String running) {
        company = running == null ? company : running;
        tellingCompany = false;
    }

    /**
     * Has the program write an image and go on, if it is not at that already.
     *
     * @param more whether another image is to follow soon, which then says only what has changed
     */
    synchronized void copy(boolean more) {
        if (!copying) {
            copying = true;
            daemon("copy of " + workload(), () -> copyNow(more));
        }
    }

    private void copyNow(boolean more) {
        Process started = awaitRunning();
        if (started == null) {
            return;
        }
        try (ControlClient client = ControlClient.connect(started.pid())) {
            // What follows goes by the image itself, which is found like any other.
            if (more) {
                client.checkpointBeforeMore(ProgressListener.NONE);
            } else {
                client.checkpoint(null, ProgressListener.NONE);
            }
        } catch (ControlException failure) {
            // A move is unprepared then, and a gang has no set of images this time.
            System.err.println("ingot: " + workload() + " has no image that it was asked for: " + describe(failure));
        }
    }

    /** Has the program write an image and end, once for each attempt. */
    synchronized void suspend(long attempt) {
        copying = false;
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

    /** Ends the process without further ado. What it wrote is still brought to where others find it. */
    synchronized void kill() {
        killed = true;
        if (process != null) {
            process.destroyForcibly();
        }
        notifyAll();
    }

    /** Ends the process; nobody wants anything of it any more. */
    synchronized void drop() {
        dropped = true;
        kill();
    }

    /** Whether there is no process any more. */
    synchronized boolean hasEnded() {
        return phase == Phase.SUSPENDED || phase == Phase.EXITED;
    }

    synchronized Report report() {
        long length = hasEnded() && Files.exists(output) ? output.toFile().length() : 0;
        return new Report(workload(), epoch(), phase, image, exitCode, length, refusedAttempt, problem, warning);
    }

    /** Deletes images that are older than the last of {@code kept}, which the control process has on its disk, and not among these. */
    void forgetImagesBefore(List<String> kept) {
        if (kept.isEmpty() || kept.equals(forgottenBefore)) {
            return;
        }
        String newest = kept.get(kept.size() - 1);
        try {
            for (Path directory : store.directories(workload())) {
                String name = directory.getFileName().toString();
                if (ImageStore.byAge(name, newest) < 0 && !kept.contains(name)) {
                    store.delete(directory);
                }
            }
            forgottenBefore = kept;
        } catch (ImageException busy) {
            // It is tried again behind the next image.
        }
    }

    /**
     * The newest image of this process, if it has not been looked at. Images that were there before it, or that earlier processes had begun,
     * can have higher numbers, where the pool has gone back to an earlier one.
     */
    private @Nullable ImageHandle newImage(Process started) {
        try {
            List<Path> directories = new ArrayList<>(store.directories(workload()));
            Collections.reverse(directories);
            for (Path directory : directories) {
                if (directory.equals(lookedAt)) {
                    return null;
                } else if (!foreign.contains(directory)) {
                    ImageHandle handle = ImageStore.open(directory);
                    if (handle.manifest().process().pid() == started.pid()) {
                        lookedAt = directory;
                        return handle;
                    }
                    foreign.add(directory);
                }
            }
        } catch (IOException unusable) {
            // Not an image to go on from.
        }
        return null;
    }

    // The length of the output at the image is in the image itself.
    private ImageReference reference(ImageHandle handle) throws IOException {
        String path = output.toRealPath().toString();
        for (OpenFile file : handle.manifest().contents().files()) {
            if (file.path().equals(path)) {
                return new ImageReference(
                        String.valueOf(handle.directory().getFileName()),
                        handle.manifest().sequence(),
                        handle.manifest().packBytes(),
                        file.size(),
                        handle.manifest().contents().notes().containsKey(ImageContents.DEVICES_NOTE));
            }
        }
        throw new IOException("image " + handle + " does not say how long " + path + " was");
    }
}
