package dev.ingot.scheduler.control;

import dev.ingot.scheduler.access.Access;
import dev.ingot.scheduler.access.AccessFile;
import dev.ingot.scheduler.access.AuditLog;
import dev.ingot.scheduler.pool.WorkloadState;
import dev.ingot.scheduler.telemetry.Telemetry;
import dev.ingot.scheduler.wire.PoolDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A pool as it is offered to others, before any protocol: what can be asked of it, and the gate that requests pass. Servers of all
 * protocols share one, so that a limit is one limit and the audit log is one log. Thread-safe.
 */
public final class PoolService implements AutoCloseable {
    private static final int SLOW_THREADS = 2;
    private static final int SLOW_QUEUE = 64;
    private static final int TRANSFER_QUEUE = 1024;
    private static final long MOST_BYTES_OF_TENANT = 64L << 30;
    private static final long SPARE_BYTES = 256L << 20;
    private static final long SWEEP_MINUTES = 10;
    private static final long SWEEP_AFTER_MILLIS = TimeUnit.HOURS.toMillis(1);

    private final PoolDirectory directory;
    private final ControlPlane plane;
    private final ThreadPoolExecutor slow = executor("ingot-api-slow", SLOW_QUEUE);
    private final ThreadPoolExecutor transfers = executor("ingot-api-transfer", TRANSFER_QUEUE);
    /** Beats wait for it, so nothing else does. */
    private final ExecutorService foreseeing = Executors.newSingleThreadExecutor(daemon("ingot-foresight"));

    private final ScheduledExecutorService sweeper = Executors.newSingleThreadScheduledExecutor(daemon("ingot-sweep"));
    private final AuditLog audit;
    private final Telemetry telemetry = Telemetry.ofEnvironment();
    private final ServiceDesk desk;
    private final FileStore files;
    private final EventHub events;
    private final Gate gate;
    private final Operations operations;
    private final NodeApi nodes;

    private PoolService(PoolDirectory directory, ControlPlane plane, ServiceRange range, Limits limits, AuditLog audit)
            throws IOException {
        this.directory = directory;
        this.plane = plane;
        this.audit = audit;
        this.gate = new Gate(limits, new Access(new AccessFile(directory.access())), audit, telemetry);
        this.events = new EventHub(plane);
        this.desk = new ServiceDesk(plane, range);
        this.files = new FileStore(directory, SPARE_BYTES, MOST_BYTES_OF_TENANT);
        Offload transfer = new Offload(transfers);
        this.operations = new Operations(plane, directory, new Offload(slow), transfer, telemetry, desk, files, events);
        this.nodes = new NodeApi(plane, directory, transfer, desk, files, new Foresight(plane, directory, foreseeing));
    }

    private static ThreadFactory daemon(String name) {
        return task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        };
    }

    private static ThreadPoolExecutor executor(String name, int queue) {
        ThreadPoolExecutor executor = new ThreadPoolExecutor(
                SLOW_THREADS, SLOW_THREADS, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(queue), daemon(name));
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }

    /**
     * Offers a pool; nobody can ask yet.
     *
     * @param range where services of workloads may be reached
     * @throws IOException if a file that it needs cannot be used
     */
    static PoolService open(PoolDirectory directory, ControlPlane plane, ServiceRange range, Limits limits)
            throws IOException {
        AuditLog audit = new AuditLog(directory.audit());
        try {
            PoolService service = new PoolService(directory, plane, range, limits, audit);
            service.begin();
            return service;
        } catch (IOException | RuntimeException failure) {
            audit.close();
            throw failure;
        }
    }

    private void begin() {
        desk.begin();
        Runnable look = () -> {
            // The writer calls, but the look waits for its next turn, so that it is not held up in the midst of one.
            Object unused = plane.look((pool, now) -> {
                telemetry.look(pool, now);
                return true;
            });
        };
        look.run();
        plane.onEvents(look);
        Object unused = sweeper.scheduleWithFixedDelay(this::sweep, 0, SWEEP_MINUTES, TimeUnit.MINUTES);
    }

    /** Files of workloads that will not go on are nobody's. */
    private void sweep() {
        Object unused = plane.look((pool, now) -> pool.workloads().stream()
                        .filter(view -> view.state() != WorkloadState.DONE && view.state() != WorkloadState.CANCELLED)
                        .flatMap(view -> view.spec().files().stream()
                                .map(file -> directory.file(view.spec().tenant(), file.sha256())))
                        .collect(Collectors.toSet()))
                .thenAcceptAsync(this::sweepAllBut, transfers);
    }

    private void sweepAllBut(Set<Path> needed) {
        try {
            files.sweep(needed, System.currentTimeMillis() - SWEEP_AFTER_MILLIS);
        } catch (IOException failure) {
            System.err.println("ingot: cannot delete files that no workload needs: " + failure.getMessage());
        }
    }

    /** What every request passes. */
    public Gate gate() {
        return gate;
    }

    /** What can be asked. */
    public Operations operations() {
        return operations;
    }

    NodeApi nodes() {
        return nodes;
    }

    /** Ends what is still being told; servers that share this are to be closed after it. */
    void endStreams() {
        events.close();
    }

    @Override
    public void close() throws IOException {
        events.close();
        desk.close();
        sweeper.shutdownNow();
        slow.shutdownNow();
        transfers.shutdownNow();
        foreseeing.shutdownNow();
        audit.close();
        telemetry.close();
    }
}
