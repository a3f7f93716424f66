package dev.ingot.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PoolSimulateTest {
    @TempDir
    private Path directory;

    @Test
    void writesAJournalAsARealPoolDoes() {
        CliRun plain = CliRun.of("simulate", "--kueue", 1);
        CliRun run = CliRun.of("simulate", "--kueue", 1, "--journal", directory.resolve("journal"));
        CliRun again = CliRun.of("simulate", "--kueue", 1, "--journal", directory.resolve("journal"));

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).contains("groups were forced to disk");
        assertThat(decided(run)).isEqualTo(decided(plain));
        assertThat(again.exitCode()).isNotZero();
        assertThat(again.err()).contains("a pool's journal", "name a new directory");
    }

    /** What does not depend on the speed of this machine. */
    private static String decided(CliRun run) {
        return run.out().lines().limit(5).toList().toString();
    }

    @Test
    void comparesAPoolWithDepartments() throws IOException {
        Path csv = directory.resolve("usage.csv");

        CliRun run = CliRun.of("simulate", "--kueue", 1, "--departments", "--sample", "1s", "--csv", csv);

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out())
                .contains("One pool: ", "A cluster for each: ", "450 never started: ", "jobs ended both times");
        assertThat(Files.readAllLines(csv))
                .anyMatch(row -> row.startsWith("one pool,"))
                .anyMatch(row -> row.startsWith("a cluster for each,"));
    }

    @Test
    void doesNotTakeOneSampleForAnAverage() {
        assertThat(CliRun.of("simulate", "--made", 10).out()).contains("takes a shorter --sample to say");
        assertThat(CliRun.of("simulate", "--made", 10, "--sample", "10s").out())
                .containsPattern("One pool: [4-9]\\d\\.\\d % in use on the average");
    }

    @Test
    void saysWhatItNeeds() {
        assertThat(CliRun.of("simulate").err()).contains("give one of: ");
        assertThat(CliRun.of("simulate", "--philly", directory, "--load", "0").err())
                .contains("--load must be more than 0");
    }
}
