package dev.ingot.scheduler.journal;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes that append numbers, and take snapshots meanwhile, are killed again and again. */
class JournalKillTest {
    private static final int KILLS = 6;

    @TempDir
    private Path directory;

    @Test
    void noKillLosesWhatWasAcknowledged() throws Exception {
        Random random = new Random(1);
        long acknowledged = 0;
        long snapshots = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            Appender.class.getName(),
                            directory.toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            try (BufferedReader lines = new BufferedReader(new InputStreamReader(process.getInputStream(), US_ASCII))) {
                long first = Long.parseLong(lines.readLine());
                assertThat(first).isGreaterThanOrEqualTo(acknowledged);
                for (int count = 20 + random.nextInt(300); count > 0; count--) {
                    acknowledged = Long.parseLong(lines.readLine());
                }
                process.destroyForcibly().waitFor();
            }
            snapshots = Math.max(snapshots, new Numbers().generation(directory));
        }

        Numbers found = new Numbers();
        Journal.open(directory, found).close();
        assertThat(found.count).isGreaterThanOrEqualTo(acknowledged);
        assertThat(snapshots).isGreaterThan(KILLS);
    }

    /** Counts records, which must be the numbers from the snapshot's on. */
    private static final class Numbers implements Recovery {
        long count;

        @Override
        public void state(byte[] record) {
            count = Long.parseLong(new String(record, US_ASCII));
        }

        @Override
        public void appended(byte[] record) throws IOException {
            count++;
            if (Long.parseLong(new String(record, US_ASCII)) != count) {
                throw new IOException("a gap before " + new String(record, US_ASCII));
            }
        }

        long generation(Path directory) throws IOException {
            return new FileStorage(directory)
                    .names().stream()
                            .filter(name -> name.startsWith("log-"))
                            .mapToLong(name -> Long.parseLong(name.substring("log-".length())))
                            .max()
                            .orElseThrow();
        }
    }

    /** Appends numbers until it is killed, and prints each that is durable. */
    static final class Appender {
        private Appender() {}

        public static void main(String[] arguments) throws IOException {
            Numbers numbers = new Numbers();
            Journal journal =
                    Journal.open(new FileStorage(Path.of(arguments[0])), new Journal.Sizes(300, 1 << 16), numbers);
            System.out.println(numbers.count);
            while (true) {
                numbers.count++;
                journal.append(Long.toString(numbers.count).getBytes(US_ASCII));
                journal.force();
                System.out.println(numbers.count);
                if (journal.isSnapshotDue()) {
                    Snapshot snapshot = journal.beginSnapshot();
                    byte[] state = Long.toString(numbers.count).getBytes(US_ASCII);
                    new Thread(() -> write(snapshot, state)).start();
                }
            }
        }

        private static void write(Snapshot snapshot, byte[] state) {
            try (snapshot) {
                snapshot.add(state);
                snapshot.commit();
            } catch (IOException failure) {
                throw new IllegalStateException(failure);
            }
        }
    }
}
