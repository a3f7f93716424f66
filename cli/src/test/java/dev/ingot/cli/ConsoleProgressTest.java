package dev.ingot.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ConsoleProgressTest {
    private final AtomicLong now = new AtomicLong();
    private final StringWriter written = new StringWriter();

    @Test
    void saysNothingForASecond() {
        ConsoleProgress progress = progress(true);
        now.set(999_999_999);
        progress.progress("heap", 50);
        progress.clear();

        assertThat(written.toString()).isEmpty();
    }

    @Test
    void drawsABarOnATerminal() {
        ConsoleProgress progress = progress(true);
        now.set(2_000_000_000);
        progress.progress("heap", 50);

        assertThat(written.toString()).startsWith("\r[###############...............] 50 % heap");
        progress.clear();
        assertThat(written.toString()).endsWith("\r");
    }

    @Test
    void writesOneLinePerPhaseElsewhere() {
        ConsoleProgress progress = progress(false);
        now.set(2_000_000_000);
        progress.progress("heap", 10);
        progress.progress("heap", 20);
        progress.progress("write", -1);

        assertThat(written.toString().lines()).containsExactly("heap ...", "write ...");
    }

    private ConsoleProgress progress(boolean terminal) {
        return new ConsoleProgress(new PrintWriter(written), terminal, now::get);
    }
}
