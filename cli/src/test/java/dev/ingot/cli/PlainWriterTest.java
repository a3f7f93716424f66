package dev.ingot.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlainWriterTest {
    private final StringWriter written = new StringWriter();

    @Test
    void textAndColoursPass() {
        String text = "größe\t\uD83D\uDE00 \u001b[1;31mred\u001b[0m\n";

        print(text, false);

        assertThat(written).hasToString(text);
    }

    @Test
    void whatSteersATerminalIsShown() {
        print("a\u001b[2Jb\u001b]0;title\u0007c\rd\u009bHe\u001b\u001b[0mf\u202eg\u001b[12", false);

        assertThat(written)
                .hasToString("a\\u001b[2Jb\\u001b]0;title\\u0007c\\u000dd\\u009bHe\\u001b\u001b[0mf\\u202eg\\u001b[12");
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void progressMayOverwriteItsLine(boolean carriageReturns) {
        print("1 %\r2 %", carriageReturns);

        assertThat(written).hasToString(carriageReturns ? "1 %\r2 %" : "1 %\\u000d2 %");
    }

    private void print(String text, boolean carriageReturns) {
        try (PrintWriter writer = new PrintWriter(new PlainWriter(written, carriageReturns))) {
            // In parts, since a sequence may be cut anywhere.
            for (int i = 0; i < text.length(); i++) {
                writer.print(text.charAt(i));
            }
        }
    }
}
