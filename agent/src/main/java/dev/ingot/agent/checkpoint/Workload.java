package dev.ingot.agent.checkpoint;

import dev.ingot.agent.options.ControlOptions;
import dev.ingot.agent.options.SigtermAction;
import dev.ingot.agent.thread.AgentThreads;
import dev.ingot.core.control.ControlDirectory;
import dev.ingot.core.control.ControlException;
import dev.ingot.core.control.ControlServer;
import dev.ingot.core.control.ProgressListener;
import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.image.ImageException;
import dev.ingot.core.image.ImageHandle;
import dev.ingot.core.image.ImageStore;
import dev.ingot.core.image.ProcessDescription;
import dev.ingot.core.jdk.JdkState;
import dev.ingot.runtime.Control;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import jdk.internal.misc.Signal;
import org.jspecify.annotations.Nullable;

/** The program in this JVM as something that can be checkpointed, suspended and resumed; wires the services together. */
public final class Workload {
    private static final int EXIT_SIGTERM = 143;
    private static final long AWAIT_NANOS = 1_000_000;

    private final AgentContext agent;
    private final CheckpointService checkpoints;
    private final ResumeService resumes;

    public Workload(AgentContext agent) {
        this.agent = agent;
        Externals externals = new Externals(agent.mainThread());
        this.checkpoints = new CheckpointService(agent, externals);
        this.resumes = new ResumeService(agent, externals, checkpoints);
    }

    /**
     * Resumes what the options name, if anything, and begins to listen.
     *
     * @throws NotRestorableException if a named image cannot be resumed here
     * @throws IOException if a named image cannot be read
     */
    public void start() throws NotRestorableException, IOException {
        Control.notifies(agent.options().capture().hooks());
        Control.install();
        ImageHandle image = imageToResume();
        if (image == null) {
            listen();
        } else {
            resumes.resume(image, this::listen);
        }
    }

    private @Nullable ImageHandle imageToResume() throws NotRestorableException, IOException {
        return switch (agent.options().resume().source()) {
            case NONE -> null;
            case NEWEST -> newest();
            case IMAGE -> imageAt(agent.options().resume().image());
            case AWAITED -> imageAt(awaited(agent.options().resume().image()));
        };
    }

    private @Nullable ImageHandle newest() throws IOException {
        String name = agent.imageName(ProcessDescription.ofThisProcess());
        return ImageStore.at(
                        agent.options().images().directory(),
                        agent.options().images().keys())
                .newestSound(
                        name,
                        unusable -> agent.log()
                                .warn("resume=auto passes over an image that cannot be used: " + unusable.getMessage()))
                .orElse(null);
    }

    /**
     * Waits for a file, which appears whole, and gives the path in it. Whoever started this JVM ends it if there is nothing to wait for. If
     * the path of an image is given beforehand, on which the other one will go, that is read meanwhile.
     */
    private @Nullable Path awaited(@Nullable Path file) throws NotRestorableException, IOException {
        if (file == null) {
            return null;
        }
        Path base = file.resolveSibling(file.getFileName() + ".base");
        if (Files.exists(base)) {
            resumes.readAhead(
                    ImageStore.open(pathIn(base), agent.options().images().keys()));
        }
        Files.createFile(file.resolveSibling(file.getFileName() + ".ready"));
        while (!Files.exists(file)) {
            LockSupport.parkNanos(AWAIT_NANOS);
        }
        return pathIn(file);
    }

    private static Path pathIn(Path file) throws IOException {
        return Path.of(Files.readString(file).strip());
    }

    private @Nullable ImageHandle imageAt(@Nullable Path image) throws ImageException {
        return image == null
                ? null
                : ImageStore.open(image, agent.options().images().keys());
    }

    private void listen() {
        AgentThreads.start(
                "requests",
                new RequestedCheckpoints(checkpoints, agent.options().images().directory()));
        startControl(agent.options().control());
        handleSigterm(agent.options().trigger().onSigterm());
        Duration every = agent.options().trigger().every();
        if (every != null) {
            AgentThreads.start("periodic checkpoints", () -> checkpointEvery(every));
        }
        Duration torture = agent.options().trigger().torture();
        if (torture != null) {
            new Torture(torture, agent.options().capture().deadline(), agent.retransformer(), agent.log()).start();
        }
    }

    private void startControl(ControlOptions options) {
        if (!options.enabled()) {
            return;
        }
        AgentThreads.start("control", new ControlStart(options.directory()));
    }

    /** What a start need not wait for. Spelled out, as everything that a start needs. */
    private final class ControlStart implements Runnable {
        private final @Nullable Path directory;

        ControlStart(@Nullable Path directory) {
            this.directory = directory;
        }

        @Override
        public void run() {
            CheckpointCommands commands = new CheckpointCommands(agent, checkpoints);
            try {
                ControlServer.start(
                        directory == null ? ControlDirectory.ofThisUser() : ControlDirectory.at(directory),
                        commands,
                        new AgentThreads.Factory("control"));
                agent.transformer().saveCache();
            } catch (ControlException reason) {
                commands.unreachable(reason);
            }
        }
    }

    private void checkpointEvery(Duration period) {
        String trigger = "every=" + text(period);
        while (!JdkState.isShuttingDown()) {
            LockSupport.parkNanos(period.toNanos());
            takeInPassing(trigger);
        }
    }

    private static String text(Duration period) {
        if (period.toNanosPart() == 0) {
            return period.toSeconds() + "s";
        }
        long micros = TimeUnit.NANOSECONDS.toMicros(period.toNanos());
        return micros % 1000 == 0 ? micros / 1000 + "ms" : micros + "us";
    }

    private void takeInPassing(String trigger) {
        try {
            checkpoints.take(agent.options().images().directory(), false, trigger, ProgressListener.NONE);
        } catch (ControlException reported) {
            // Whoever observes checkpoints has said so, and the next one is not far.
        }
    }

    private boolean take(boolean suspend, String trigger) {
        try {
            checkpoints.take(agent.options().images().directory(), suspend, trigger, ProgressListener.NONE);
            return true;
        } catch (ControlException failure) {
            agent.log().error(String.valueOf(failure.getMessage()));
            return false;
        }
    }

    private void handleSigterm(SigtermAction action) {
        if (action == SigtermAction.NONE) {
            return;
        }
        AtomicBoolean handled = new AtomicBoolean();
        Signal.handle(new Signal("TERM"), signal -> {
            if (!handled.compareAndSet(false, true)) {
                return;
            }
            boolean suspend = action == SigtermAction.SUSPEND;
            if (take(suspend, "SIGTERM") && suspend) {
                Runtime.getRuntime().halt(ControlServer.SUSPENDED_EXIT_CODE);
            }
            System.exit(EXIT_SIGTERM);
        });
    }
}
