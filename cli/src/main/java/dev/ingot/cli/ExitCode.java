package dev.ingot.cli;

/** What the command's exit code says. */
final class ExitCode {
    /** Done. */
    static final int OK = 0;
    /** Tried and failed; standard error says why. */
    static final int FAILED = 1;
    /** The command line is wrong; nothing was tried. */
    static final int USAGE = 2;
    /** The program cannot be captured as it stands; it goes on. */
    static final int PINNED = 3;

    private ExitCode() {}
}
