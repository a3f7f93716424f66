package dev.ingot.cli;

/** A command that failed for a reason worth one message and no stack trace. */
final class CommandException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int exitCode;

    CommandException(String message) {
        this(ExitCode.FAILED, message);
    }

    CommandException(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    CommandException(String message, Throwable cause) {
        super(message, cause);
        this.exitCode = ExitCode.FAILED;
    }

    int exitCode() {
        return exitCode;
    }
}
