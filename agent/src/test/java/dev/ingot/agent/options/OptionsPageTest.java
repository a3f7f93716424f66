package dev.ingot.agent.options;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** On failure: make the table of docs/options.md what the test expects; the code is right. */
class OptionsPageTest {

    @Test
    void pageListsExactlyTheOptionsOfTheCode() throws IOException {
        List<String> rows = Files.readAllLines(Path.of("..", "docs", "options.md")).stream()
                .filter(line -> line.startsWith("| `"))
                .toList();
        var expected = new ArrayList<String>();
        for (OptionKey option : OptionKey.values()) {
            expected.add("| `" + option.key() + "` | " + option.form().replace("|", "\\|") + " | "
                    + (option.fallback().isEmpty() ? "" : "`" + option.fallback() + "`") + " | " + option.meaning()
                    + " |");
        }

        assertThat(rows).containsExactlyElementsOf(expected);
    }
}
