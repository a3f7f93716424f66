package dev.ingot.cli;

import dev.ingot.core.control.ControlClient;
import dev.ingot.core.control.ControlException;
import dev.ingot.core.control.FailureCode;
import dev.ingot.core.control.TakenImage;
import dev.ingot.core.json.JsonWriter;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What {@code checkpoint} and {@code suspend} have in common: a process, a place for the image, a report. */
final class TakeImage {
    private static final Duration MOMENT = Duration.ofSeconds(2);

    @Parameters(
            index = "0",
            paramLabel = "PID|NAME",
            description = "The process, by its id, that of its 'ingot run', or the name of its images.")
    private String process = "";

    @Option(
            names = "--images",
            paramLabel = "DIR",
            description = "Directory to write the image to (default: that of the process's agent).")
    private @Nullable Path images;

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    @Option(
            names = "--wait",
            paramLabel = "DURATION",
            defaultValue = "60s",
            converter = DurationConverter.class,
            description = "How long a process that is only just starting is waited for, such as 90s or 5m"
                    + " (default: ${DEFAULT-VALUE}).")
    private Duration wait = Duration.ZERO;

    @Mixin
    private ControlOption control = new ControlOption();

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    /** What is asked of the process. */
    @FunctionalInterface
    interface Request {
        TakenImage send(ControlClient client, @Nullable Path images, ConsoleProgress progress) throws ControlException;
    }

    /** A process that wrote an image. */
    record Taken(long pid, TakenImage image) {}

    Taken take(Request request) throws ControlException, CommandException {
        long pid = Rendezvous.program(new Processes(control).find(process));
        if (LocalProcess.of(pid).isStopped()) {
            throw new CommandException(
                    "process " + pid + " is stopped, by a signal or a debugger, and can write no image;"
                            + " let it go on first, for example with 'kill -CONT " + pid + "'");
        }
        ConsoleProgress progress = ConsoleProgress.on(spec.commandLine().getErr());
        Thread canceller = new Thread(() -> cancel(pid), "cancel");
        try (ControlClient client = new Rendezvous(control, wait).connect(pid)) {
            Runtime.getRuntime().addShutdownHook(canceller);
            try {
                return new Taken(pid, request.send(client, images, progress));
            } catch (ControlException failure) {
                if (failure.code() == FailureCode.UNREACHABLE
                        && LocalProcess.of(pid).awaitExit(MOMENT)) {
                    throw new CommandException(
                            ExitCode.FAILED,
                            "process " + pid
                                    + " ended before its image was complete; there is nothing left to capture");
                }
                throw failure;
            } finally {
                progress.clear();
                removeHook(canceller);
            }
        }
    }

    // The user pressed Ctrl-C: the process must not go on with what nobody waits for.
    private void cancel(long pid) {
        PrintWriter err = spec.commandLine().getErr();
        try (ControlClient client = control.connect(pid)) {
            client.cancel();
            err.println("ingot: cancelled, process " + pid + " goes on");
        } catch (ControlException failure) {
            err.println("ingot: could not cancel: " + failure.getMessage());
        }
        err.flush();
    }

    private static void removeHook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException alreadyShuttingDown) {
            // The hook is what runs.
            return;
        }
    }

    void report(Taken taken, String verb) {
        PrintWriter out = spec.commandLine().getOut();
        TakenImage image = taken.image();
        if (json) {
            out.println(JsonWriter.compact()
                    .member("pid", taken.pid())
                    .member("image", image.directory().toString())
                    .member("id", image.id())
                    .member("sequence", image.sequence())
                    .member("bytes", image.bytes())
                    .member("pauseMillis", image.pause().toMillis())
                    .finish());
        } else {
            out.println(verb + " " + taken.pid() + ": " + image.directory() + " (" + Amount.bytes(image.bytes())
                    + ", stood still for " + Amount.duration(image.pause()) + ")");
        }
        out.flush();
    }
}
