package dev.ingot.cli;

import dev.ingot.core.control.ControlCommands;
import dev.ingot.core.control.ControlDirectory;
import dev.ingot.core.control.ControlException;
import dev.ingot.core.control.ControlServer;
import dev.ingot.core.control.FailureCode;
import dev.ingot.core.control.PinnedThread;
import dev.ingot.core.control.ProcessState;
import dev.ingot.core.control.ProcessStatus;
import dev.ingot.core.control.ProgressListener;
import dev.ingot.core.control.TakenImage;
import dev.ingot.core.image.ClassCount;
import dev.ingot.core.image.HeapStatistics;
import dev.ingot.core.image.ImageContents;
import dev.ingot.core.image.ImageDescription;
import dev.ingot.core.image.ImageHandle;
import dev.ingot.core.image.ImageStore;
import dev.ingot.core.image.ImageWriter;
import dev.ingot.core.image.ProcessDescription;
import dev.ingot.core.image.ThreadSummary;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * A process that can be controlled like one under the agent, without an agent: its images hold a line of text.
 * Arguments: the control directory, the images directory, and {@code pinned} if it cannot be captured or {@code ending} if it ends
 * when it should be.
 */
final class FakeProgram implements ControlCommands {
    static final String NAME = "fake";

    private final Path images;
    private final String nature;
    private long taken;

    private FakeProgram(Path images, String nature) {
        this.images = images;
        this.nature = nature;
    }

    public static void main(String[] arguments) throws InterruptedException {
        ControlServer.start(
                ControlDirectory.at(Path.of(arguments[0])),
                new FakeProgram(Path.of(arguments[1]), arguments.length > 2 ? arguments[2] : ""),
                task -> {
                    Thread thread = new Thread(task);
                    thread.setDaemon(true);
                    return thread;
                });
        new CountDownLatch(1).await();
    }

    @Override
    public ProcessStatus status() {
        return new ProcessStatus(
                ProcessHandle.current().pid(),
                NAME,
                "com.example.Fake",
                images.toString(),
                Duration.ofSeconds(61),
                3,
                taken,
                ProcessState.RUNNING);
    }

    @Override
    public TakenImage checkpoint(@Nullable Path directory, boolean more, ProgressListener progress)
            throws ControlException {
        if (nature.equals("ending")) {
            Runtime.getRuntime().halt(0);
        }
        if (nature.equals("pinned")) {
            throw new ControlException(
                    FailureCode.PINNED,
                    "no image was taken: 1 thread is pinned",
                    List.of(new PinnedThread(
                            "worker", "NATIVE_FRAME", "a.B.c(Native Method)", "wait until it returns")));
        }
        try {
            return write(ImageStore.at(directory == null ? images : directory));
        } catch (IOException failure) {
            throw new ControlException(FailureCode.STORAGE, String.valueOf(failure.getMessage()), failure);
        }
    }

    private TakenImage write(ImageStore store) throws IOException {
        ImageHandle image = write(store, ++taken);
        return new TakenImage(
                image.directory(),
                image.manifest().id(),
                image.manifest().sequence(),
                image.manifest().packBytes(),
                Duration.ofMillis(3));
    }

    static ImageHandle write(ImageStore store, long objects) throws IOException {
        ImageDescription description =
                new ImageDescription(NAME, null, "0.1", "w1", ProcessDescription.ofThisProcess(), 0);
        try (ImageWriter writer = store.begin(description)) {
            try (OutputStream out = writer.section("heap")) {
                out.write(("image of " + objects).getBytes(StandardCharsets.UTF_8));
            }
            return writer.commit(contents(objects));
        }
    }

    private static ImageContents contents(long objects) {
        return new ImageContents(
                List.of(new ThreadSummary("main", "RUNNABLE", false, List.of("com.example.Fake.main(Fake.java:1)"))),
                List.of(),
                List.of(),
                List.of(),
                Map.of("db.password", "hunter2", "user.name", "me"),
                new HeapStatistics(
                        objects, 24 * objects, List.of(new ClassCount("com.example.Node", objects, 24)), List.of()),
                Map.of());
    }

    @Override
    public TakenImage suspend(@Nullable Path directory, ProgressListener progress) throws ControlException {
        return checkpoint(directory, false, progress);
    }

    @Override
    public void exitSuspended() {
        Runtime.getRuntime().halt(ControlServer.SUSPENDED_EXIT_CODE);
    }

    @Override
    public void cancel() {}

    @Override
    public void company(String running) {}

    @Override
    public void unreachable(ControlException reason) {
        System.err.println(reason.getMessage());
        Runtime.getRuntime().halt(1);
    }
}
