package dev.ingot.cli;

import dev.ingot.core.control.ProgressListener;
import java.io.PrintWriter;
import java.util.function.LongSupplier;

/**
 * Shows how a request comes along once it takes more than a second: a bar that is redrawn on a terminal, otherwise one line
 * per phase.
 */
final class ConsoleProgress implements ProgressListener {
    /** Set by the {@code ingot} script where standard error is a terminal. */
    static final String TERMINAL = "INGOT_TERMINAL";

    private static final long PATIENCE_NANOS = 1_000_000_000L;
    private static final int WIDTH = 30;
    private static final int LINE = 79;

    private final PrintWriter err;
    private final boolean terminal;
    private final LongSupplier nanoTime;
    private final long start;
    private String shownPhase = "";
    private boolean drawn;

    ConsoleProgress(PrintWriter err, boolean terminal, LongSupplier nanoTime) {
        this.err = err;
        this.terminal = terminal;
        this.nanoTime = nanoTime;
        this.start = nanoTime.getAsLong();
    }

    static ConsoleProgress on(PrintWriter err) {
        return new ConsoleProgress(err, System.getenv(TERMINAL) != null, System::nanoTime);
    }

    @Override
    public void progress(String phase, int percent) {
        if (nanoTime.getAsLong() - start < PATIENCE_NANOS) {
            return;
        }
        if (terminal) {
            draw(phase, percent);
        } else if (!phase.equals(shownPhase)) {
            err.println(phase + " ...");
            err.flush();
        }
        shownPhase = phase;
    }

    private void draw(String phase, int percent) {
        int filled = Math.max(0, percent) * WIDTH / 100;
        String bar = "#".repeat(filled) + ".".repeat(WIDTH - filled);
        String number = percent < 0 ? "" : " " + percent + " %";
        String line = "[" + bar + "]" + number + " " + phase;
        err.print('\r'
                + line.substring(0, Math.min(LINE, line.length()))
                + " ".repeat(Math.max(0, LINE - line.length())));
        err.flush();
        drawn = true;
    }

    @Override
    public void log(String message) {
        clear();
        err.println(message);
        err.flush();
    }

    /** Removes the bar from the terminal. */
    void clear() {
        if (drawn) {
            err.print('\r' + " ".repeat(LINE) + '\r');
            err.flush();
            drawn = false;
        }
    }
}
