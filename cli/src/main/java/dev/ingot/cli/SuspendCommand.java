package dev.ingot.cli;

import dev.ingot.core.control.ControlException;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "suspend",
        description = {
            "Writes an image of a process and ends it.",
            "Returns 0 only when the image is complete and the process has gone."
        },
        footer = {
            "",
            "Examples:",
            "  ingot suspend 4711 --images /shared/images",
            "  ingot resume --images /shared/images        # here or on another machine"
        },
        mixinStandardHelpOptions = true)
final class SuspendCommand implements Callable<Integer> {
    private static final Duration EXIT_LIMIT = Duration.ofSeconds(30);

    @Mixin
    private TakeImage take = new TakeImage();

    @Override
    public Integer call() throws ControlException, CommandException {
        TakeImage.Taken taken = take.take((client, images, progress) -> client.suspend(images, progress));
        if (!LocalProcess.of(taken.pid()).awaitExit(EXIT_LIMIT)) {
            throw new CommandException("image " + taken.image().directory() + " is complete, but process " + taken.pid()
                    + " is still there after " + EXIT_LIMIT.toSeconds() + " s; end it before resuming the image");
        }
        take.report(taken, "suspended");
        return ExitCode.OK;
    }
}
