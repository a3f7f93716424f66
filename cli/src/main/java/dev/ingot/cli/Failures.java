package dev.ingot.cli;

import dev.ingot.core.control.ControlException;
import dev.ingot.core.control.FailureCode;
import dev.ingot.core.control.PinnedThread;
import dev.ingot.core.image.ImageException;
import dev.ingot.scheduler.wire.PoolException;
import java.io.IOException;
import java.io.PrintWriter;

/** Tells the user what went wrong, and the shell by its exit code. */
final class Failures {
    private Failures() {}

    static int report(Exception failure, PrintWriter err) {
        if (failure instanceof ControlException control) {
            return report(control, err);
        }
        if (failure instanceof CommandException command) {
            err.println("ingot: " + command.getMessage());
            return command.exitCode();
        }
        if (failure instanceof PoolException) {
            err.println("ingot: " + failure.getMessage());
            return ExitCode.FAILED;
        }
        if (failure instanceof ImageException || failure instanceof IllegalArgumentException) {
            err.println("ingot: " + failure.getMessage());
            return failure instanceof ImageException ? ExitCode.FAILED : ExitCode.USAGE;
        }
        if (failure instanceof IOException) {
            err.println("ingot: " + (failure.getMessage() == null ? failure : failure.getMessage()));
            return ExitCode.FAILED;
        }
        err.println("ingot: unexpected failure, please report it:");
        failure.printStackTrace(err);
        return ExitCode.FAILED;
    }

    private static int report(ControlException failure, PrintWriter err) {
        err.println("ingot: " + failure.getMessage());
        for (PinnedThread pin : failure.pins()) {
            err.println("  thread '" + pin.thread() + "' is pinned: " + pin.reason());
            printIndented("at ", pin.frame(), err);
            printIndented("", pin.remedy(), err);
        }
        boolean pinned = failure.code() == FailureCode.PINNED || failure.code() == FailureCode.DEADLINE;
        return pinned ? ExitCode.PINNED : ExitCode.FAILED;
    }

    private static void printIndented(String prefix, String text, PrintWriter err) {
        if (!text.isEmpty()) {
            err.println("    " + prefix + text);
        }
    }
}
