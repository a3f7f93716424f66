package dev.ingot.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class CommandTreeTest {
    @Test
    void whatIsMadeForOneCommandIsLikeWhatIsMadeForAll() {
        List<String> looked = new ArrayList<>();
        compare(IngotCommand.commandLine(), List.of(), looked);

        assertThat(looked)
                .contains("submit", "images prune", "pool grant", "up")
                .hasSizeGreaterThan(50);
    }

    /** Compares the help of each command below {@code all} with that of the one that is made for its name alone. */
    private static void compare(CommandLine all, List<String> path, List<String> looked) {
        all.getSubcommands().forEach((name, command) -> {
            List<String> words = new ArrayList<>(path);
            words.add(name);
            CommandLine alone = IngotCommand.commandLine(words.toArray(String[]::new));
            for (String word : words) {
                alone = below(alone, word);
            }
            assertThat(alone.getUsageMessage()).isEqualTo(command.getUsageMessage());
            assertThat(alone.isStopAtPositional()).isEqualTo(command.isStopAtPositional());
            looked.add(String.join(" ", words));
            compare(command, words, looked);
        });
    }

    @Test
    void nothingElseIsMade() {
        assertThat(IngotCommand.commandLine("submit", "x").getSubcommands()).containsOnlyKeys("submit");
        CommandLine pool = below(IngotCommand.commandLine("pool", "ps"), "pool");
        assertThat(pool.getSubcommands()).containsOnlyKeys("ps");
    }

    @Test
    void aCommandThatDoesNotExistIsToldFromAllThatDo() {
        assertThat(CliRun.of("submitt").err()).contains("submit");
        assertThat(CliRun.of("help", "submit").out()).contains("--tier");
        assertThat(CliRun.of("pool").err() + CliRun.of("pool", "--help").out()).contains("grant", "revoke");
    }

    private static CommandLine below(CommandLine command, String name) {
        return Objects.requireNonNull(command.getSubcommands().get(name));
    }
}
