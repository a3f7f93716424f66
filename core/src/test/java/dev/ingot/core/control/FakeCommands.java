package dev.ingot.core.control;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A process that takes images of nothing and remembers what it was asked. */
final class FakeCommands implements ControlCommands {
    static final TakenImage IMAGE =
            new TakenImage(Path.of("/images/app/000001-x"), "abc", 1, 4711, Duration.ofMillis(12));

    final List<String> asked = Collections.synchronizedList(new ArrayList<>());
    final CountDownLatch exited = new CountDownLatch(1);
    final AtomicBoolean cancelled = new AtomicBoolean();
    volatile @Nullable ControlException failure;
    volatile @Nullable ControlException unreachable;
    volatile CountDownLatch gate = new CountDownLatch(0);
    volatile int events = 3;

    @Override
    public ProcessStatus status() {
        return new ProcessStatus(
                4, "app", "com.example.Main", "/images", Duration.ofSeconds(5), 7, 2, ProcessState.CHECKPOINTING);
    }

    @Override
    public TakenImage checkpoint(@Nullable Path images, boolean more, ProgressListener progress)
            throws ControlException {
        return take("checkpoint " + images + (more ? " before more" : ""), progress);
    }

    @Override
    public TakenImage suspend(@Nullable Path images, ProgressListener progress) throws ControlException {
        return take("suspend " + images, progress);
    }

    private TakenImage take(String request, ProgressListener progress) throws ControlException {
        asked.add(request);
        for (int i = 0; i < events; i++) {
            progress.progress("heap", i % 101);
        }
        progress.log("a warning");
        try {
            gate.await();
        } catch (InterruptedException unexpected) {
            throw new IllegalStateException(unexpected);
        }
        ControlException refused = failure;
        if (refused != null) {
            throw refused;
        }
        return IMAGE;
    }

    @Override
    public void exitSuspended() {
        exited.countDown();
    }

    @Override
    public void cancel() {
        cancelled.set(true);
        gate.countDown();
    }

    @Override
    public void company(String running) {
        asked.add("company " + running);
    }

    @Override
    public void unreachable(ControlException reason) {
        unreachable = reason;
    }
}
