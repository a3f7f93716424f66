package dev.ingot.accelerator.share;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.ingot.accelerator.share.Ledger.Column;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whose a row is. */
class LedgerTest {
    private static final int STARTED_FIELD = 22;

    @TempDir
    private Path directory;

    private Ledger open() throws Exception {
        return Ledger.open(directory.resolve("ledger"), "test:0");
    }

    @BeforeEach
    void requireProcesses() {
        assumeThat(Path.of("/proc/self/stat"))
                .as("LEFT OUT: there is no /proc that says of processes when they were started")
                .isReadable();
    }

    /** A program that waits for its end; the kernel tells its name, where nobody expects parentheses. */
    private Process start() throws Exception {
        Path program = directory.resolve("a) T 1 2");
        Files.writeString(program, "#!/bin/sh\nread line\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        return new ProcessBuilder(program.toString()).start();
    }

    /** Not by the clock, which may be set between the starts of two JVMs that look. */
    @Test
    void aProcessIsKnownByTheTicksAtItsStart() throws Exception {
        Process other = start();
        try {
            String stat = Files.readString(Path.of("/proc/" + other.pid() + "/stat"));
            int shift = "a) T 1 2".split(" ", -1).length - 1;
            long ticks = Long.parseLong(stat.split(" ", -1)[STARTED_FIELD - 1 + shift]);
            Ledger ledger = open();
            int row = ledger.claim();
            ledger.set(row, Column.PROCESS, other.pid());
            ledger.set(row, Column.STARTED, ticks);
            ledger.bury(row);
            assertThat(ledger.isAlive(row)).isTrue();
            assertThat(ledger.isStopped(row)).isFalse();

            ledger.set(row, Column.STARTED, ticks + 1);
            assertThat(ledger.isAlive(row)).isFalse();
            ledger.bury(row);
            assertThat(ledger.get(row, Column.PROCESS)).isZero();
        } finally {
            other.destroyForcibly().waitFor();
        }
    }

    @Test
    void aRowIsFreeAgainWhoseBurierHasEnded() throws Exception {
        Process burier = start();
        Ledger ledger = open();
        int row = ledger.claim();
        ledger.set(row, Column.BYTES, 1);
        ledger.set(row, Column.PROCESS, -burier.pid());
        try {
            assertThat(ledger.claim()).isNotEqualTo(row);
        } finally {
            burier.destroyForcibly().waitFor();
        }

        assertThat(ledger.claim()).isEqualTo(row);
        assertThat(ledger.get(row, Column.BYTES)).isZero();
    }
}
