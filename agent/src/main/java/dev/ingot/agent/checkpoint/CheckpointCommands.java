package dev.ingot.agent.checkpoint;

import dev.ingot.core.control.Company;
import dev.ingot.core.control.ControlCommands;
import dev.ingot.core.control.ControlException;
import dev.ingot.core.control.ControlServer;
import dev.ingot.core.control.ProcessState;
import dev.ingot.core.control.ProcessStatus;
import dev.ingot.core.control.ProgressListener;
import dev.ingot.core.control.TakenImage;
import dev.ingot.core.image.ImageName;
import dev.ingot.core.jvm.ProcessId;
import dev.ingot.runtime.ManagedThreads;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What the control socket can ask of this process. */
final class CheckpointCommands implements ControlCommands {
    private static final String TRIGGER = "control socket";

    private final AgentContext agent;
    private final CheckpointService checkpoints;
    private final long start = System.nanoTime();

    CheckpointCommands(AgentContext agent, CheckpointService checkpoints) {
        this.agent = agent;
        this.checkpoints = checkpoints;
    }

    @Override
    public ProcessStatus status() {
        String main = System.getProperty("sun.java.command", "");
        int end = main.indexOf(' ');
        String mainClass = end < 0 ? main : main.substring(0, end);
        String name = agent.options().images().name();
        return new ProcessStatus(
                ProcessId.own(),
                name == null ? ImageName.derive(mainClass) : name,
                mainClass,
                agent.options().images().directory().toString(),
                Duration.ofNanos(System.nanoTime() - start),
                ManagedThreads.live().size(),
                checkpoints.imagesTaken(),
                checkpoints.isBusy() ? ProcessState.CHECKPOINTING : ProcessState.RUNNING);
    }

    @Override
    public TakenImage checkpoint(@Nullable Path images, boolean more, ProgressListener progress)
            throws ControlException {
        return more
                ? checkpoints.takeBeforeMore(directory(images), TRIGGER, progress)
                : checkpoints.take(directory(images), false, TRIGGER, progress);
    }

    @Override
    public TakenImage suspend(@Nullable Path images, ProgressListener progress) throws ControlException {
        return checkpoints.take(directory(images), true, TRIGGER, progress);
    }

    private Path directory(@Nullable Path images) {
        return images == null ? agent.options().images().directory() : images;
    }

    @Override
    public void exitSuspended() {
        Runtime.getRuntime().halt(ControlServer.SUSPENDED_EXIT_CODE);
    }

    @Override
    public void cancel() {
        checkpoints.cancel();
    }

    @Override
    public void company(String running) {
        Company.tell(running);
    }

    @Override
    public void unreachable(ControlException reason) {
        agent.log().warn(String.valueOf(reason.getMessage()));
    }
}
