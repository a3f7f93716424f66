package dev.ingot.scheduler.journal;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Random;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A crash at every single change of the disk, with every outcome for what was not yet durable: nothing that was forced is lost, and
 * nothing is found that was never appended. The records are the numbers from 1 on, a snapshot is how many there were.
 */
class JournalCrashTest {
    private static final Journal.Sizes SMALL = new Journal.Sizes(120, 64);
    private static final int STEPS = 40;
    private static final int NEVER = Integer.MAX_VALUE;

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 8);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void keepsWhatWasForcedAndNothingElse(long seed) throws IOException {
        CrashingStorage whole = new CrashingStorage(NEVER);
        Writer undisturbed = new Writer();
        undisturbed.write(whole, new Random(seed));
        assertThat(undisturbed.snapshots).isGreaterThan(1);

        for (int crash = 1; crash <= whole.changes(); crash++) {
            Random random = new Random(seed * 10_000 + crash);
            Writer writer = new Writer();
            CrashingStorage storage = new CrashingStorage(crash);
            writer.writeUntilCrash(storage, new Random(seed));
            // And again while it recovers, or soon after.
            for (int again = 0; again < 3; again++) {
                storage = storage.afterCrash(random, 1 + random.nextInt(random.nextBoolean() ? 8 : 60));
                writer.writeUntilCrash(storage, random);
            }
            writer.recover(storage.afterCrash(random, NEVER)).close();
        }
    }

    /** One that remembers what it was promised. */
    private static final class Writer {
        private long forced;
        private long appended;
        private long found;
        int snapshots;

        Journal recover(CrashingStorage storage) throws IOException {
            found = 0;
            Journal journal = Journal.open(storage, SMALL, new Recovery() {
                @Override
                public void state(byte[] record) {
                    found = number(record);
                }

                @Override
                public void appended(byte[] record) {
                    assertThat(number(record)).isEqualTo(found + 1);
                    found++;
                }
            });
            assertThat(found).isBetween(forced, appended);
            forced = found;
            appended = found;
            return journal;
        }

        void writeUntilCrash(CrashingStorage storage, Random random) {
            try {
                write(storage, random);
            } catch (IOException crash) {
                assertThat(crash).hasMessage("crashed");
            }
        }

        // Changes of the snapshot and of the segment come in turns, as from two threads.
        void write(CrashingStorage storage, Random random) throws IOException {
            Journal journal = recover(storage);
            Snapshot snapshot = null;
            for (int step = 0; step < STEPS; step++) {
                append(journal, random);
                if (snapshot == null && journal.isSnapshotDue()) {
                    snapshot = journal.beginSnapshot();
                    snapshot.add(record(forced, random));
                } else if (snapshot != null && random.nextInt(3) == 0) {
                    end(snapshot, random);
                    snapshot = null;
                }
            }
        }

        private void append(Journal journal, Random random) throws IOException {
            for (int count = random.nextInt(3); count >= 0; count--) {
                appended++;
                journal.append(record(appended, random));
            }
            journal.force();
            forced = appended;
        }

        private void end(@Nullable Snapshot snapshot, Random random) throws IOException {
            if (snapshot != null) {
                if (random.nextInt(4) > 0) {
                    snapshot.commit();
                    snapshots++;
                }
                snapshot.close();
            }
        }
    }

    private static byte[] record(long number, Random random) {
        return (number + " ".repeat(random.nextInt(20))).getBytes(US_ASCII);
    }

    private static long number(byte[] record) {
        return Long.parseLong(new String(record, US_ASCII).strip());
    }
}
