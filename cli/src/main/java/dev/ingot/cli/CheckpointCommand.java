package dev.ingot.cli;

import dev.ingot.core.control.ControlException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "checkpoint",
        description = "Writes an image of a process, which goes on.",
        footer = {"", "Examples:", "  ingot checkpoint 4711", "  ingot checkpoint job --images /backup/images"},
        mixinStandardHelpOptions = true)
final class CheckpointCommand implements Callable<Integer> {
    @Mixin
    private TakeImage take = new TakeImage();

    @Override
    public Integer call() throws ControlException, CommandException {
        take.report(take.take((client, images, progress) -> client.checkpoint(images, progress)), "checkpointed");
        return ExitCode.OK;
    }
}
