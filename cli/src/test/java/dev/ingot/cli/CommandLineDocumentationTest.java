package dev.ingot.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** docs/command-line.md names every command and every option there is. */
class CommandLineDocumentationTest {
    private static final Path PAGE = Path.of("..", "docs", "command-line.md");

    @Test
    void pageNamesEverything() throws IOException {
        String page = Files.readString(PAGE);
        List<String> expected = new ArrayList<>();
        collect(IngotCommand.commandLine(), expected);

        assertThat(expected).hasSizeGreaterThan(20).contains("suspend", "--java");
        assertThat(page).contains(expected);
    }

    private static void collect(CommandLine command, List<String> expected) {
        for (OptionSpec option : command.getCommandSpec().options()) {
            if (!option.versionHelp() && !option.usageHelp()) {
                expected.add(option.longestName());
            }
        }
        command.getSubcommands().forEach((name, subcommand) -> {
            if (!name.equals("help")) {
                expected.add(name);
                collect(subcommand, expected);
            }
        });
    }
}
