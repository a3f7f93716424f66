package dev.ingot.node;

import dev.ingot.scheduler.pool.Probe;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What looks after a node from within. Each probe has a thread of its own and nobody waits for it: where one hangs, that is what it finds, and beats
 * go on. Thread-safe.
 */
final class SelfProbes implements AutoCloseable {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final List<Look> looks;
    private final Duration period;
    private final Function<Probe, Duration> patience;
    private final Consumer<String> complaints;
    private volatile boolean closed;

    /**
     * @param patience how long each may look until that speaks against the node
     * @param complaints told once when a probe cannot look
     */
    SelfProbes(
            List<SelfProbe> probes, Duration period, Function<Probe, Duration> patience, Consumer<String> complaints) {
        this.looks = probes.stream().map(Look::new).toList();
        this.period = period;
        this.patience = patience;
        this.complaints = complaints;
    }

    void start() {
        if (!period.isZero()) {
            looks.forEach(look -> {
                Thread thread = new Thread(
                        () -> watch(look), "ingot probe " + look.probe.kind().text());
                thread.setDaemon(true);
                look.thread = thread;
                thread.start();
            });
        }
    }

    private void watch(Look look) {
        while (!closed) {
            look.now(complaints);
            LockSupport.parkNanos(period.toNanos());
        }
    }

    /** What they have found, and what of it. */
    Map<Probe, String> findings() {
        Map<Probe, String> findings = new EnumMap<>(Probe.class);
        for (Look look : looks) {
            String found = look.found(patience.apply(look.probe.kind()).toNanos());
            if (found != null) {
                findings.put(look.probe.kind(), found);
            }
        }
        return findings;
    }

    @Override
    public void close() {
        closed = true;
        looks.forEach(look -> LockSupport.unpark(look.thread));
    }

    /** A probe, and what came of it. */
    private static final class Look {
        final SelfProbe probe;

        @Nullable Thread thread;

        private @Nullable String found;
        private boolean looking;
        private boolean complained;
        private long began;

        Look(SelfProbe probe) {
            this.probe = probe;
        }

        void now(Consumer<String> complaints) {
            begin();
            try {
                end(probe.look());
            } catch (IOException | RuntimeException failure) {
                // What cannot be looked at speaks neither for nor against the node.
                end(null);
                if (!complained) {
                    complained = true;
                    complaints.accept("probe '" + probe.kind().text() + "' cannot be run: " + failure.getMessage());
                }
            }
        }

        private synchronized void begin() {
            began = System.nanoTime();
            looking = true;
        }

        private synchronized void end(@Nullable String result) {
            looking = false;
            found = result;
        }

        synchronized @Nullable String found(long patienceNanos) {
            long since = System.nanoTime() - began;
            return looking && since > patienceNanos
                    ? "nothing is known since " + patienceNanos / NANOS_PER_MILLI + " ms: it hangs"
                    : found;
        }
    }
}
