package dev.ingot.scheduler.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
    @TempDir
    private Path directory;

    @Test
    void givesBackWhatWasForcedWithoutHavingBeenClosed() throws IOException {
        Journal written = Journal.open(directory, new Found());
        written.append("one".getBytes(UTF_8));
        written.append("two".getBytes(UTF_8));
        written.force();
        written.append("three".getBytes(UTF_8));
        written.force();

        assertThat(records()).containsExactly("one", "two", "three");
        written.close();
    }

    @Test
    void goesOnBehindWhatWasThere() throws IOException {
        write("one");
        write("two");

        assertThat(records()).containsExactly("one", "two");
    }

    @Test
    void isReadableByItsOwnerAlone() throws IOException {
        write("one");

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
    }

    @Test
    void cutsOffAnUnfinishedEndWhereverTheCrashWas() throws IOException {
        write("one");
        write("two");
        byte[] whole = trimmed(Files.readAllBytes(file()));
        int first = 12 + "one".length();

        for (int length = first; length < whole.length; length++) {
            Files.write(file(), Arrays.copyOf(whole, length));

            assertThat(records()).as("%d bytes", length).containsExactly("one");
        }
    }

    @Test
    void goesOnWhereAnUnfinishedEndWas() throws IOException {
        write("one");
        write("two");
        Files.write(file(), Arrays.copyOf(trimmed(Files.readAllBytes(file())), 20));

        write("three");

        assertThat(records()).containsExactly("one", "three");
    }

    @Test
    void cutsOffAGroupOfWhichOnlyALaterRecordReachedTheDisk() throws IOException {
        write("one");
        int end = trimmed(Files.readAllBytes(file())).length;
        try (Journal journal = Journal.open(directory, new Found())) {
            journal.append("two".getBytes(UTF_8));
            journal.append("three".getBytes(UTF_8));
            journal.force();
        }
        byte[] bytes = Files.readAllBytes(file());
        Arrays.fill(bytes, end, end + 15, (byte) 0);
        Files.write(file(), bytes);

        assertThat(records()).containsExactly("one");
    }

    @Test
    void refusesDamageInTheMiddle() throws IOException {
        write("one");
        write("two");
        byte[] bytes = Files.readAllBytes(file());
        bytes[13] ^= 1;
        Files.write(file(), bytes);

        assertThatThrownBy(() -> Journal.open(directory, new Found()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("byte 0 is broken");
    }

    @Test
    void growsPastWhatItReserves() throws IOException {
        Random random = new Random(1);
        List<String> expected = new ArrayList<>();
        try (Journal journal = Journal.open(directory, new Found())) {
            for (int i = 0; i < 40; i++) {
                String record = "x".repeat(1 + random.nextInt(100_000));
                expected.add(record);
                journal.append(record.getBytes(UTF_8));
                if (i % 3 == 0) {
                    journal.force();
                }
            }
            journal.force();
        }

        assertThat(records()).isEqualTo(expected);
    }

    @Test
    void aSnapshotStandsForWhatWasAppendedBeforeIt() throws IOException {
        write("one");
        try (Journal journal = Journal.open(directory, new Found());
                Snapshot snapshot = journal.beginSnapshot()) {
            journal.append("two".getBytes(UTF_8));
            journal.force();
            snapshot.add("state".getBytes(UTF_8));
            snapshot.commit();
        }

        assertThat(found().state).containsExactly("state");
        assertThat(found().appended).containsExactly("two");
        assertThat(directory.toFile().list()).containsExactlyInAnyOrder("log-1", "snapshot-1");
    }

    @Test
    void aSnapshotThatWasNotCommittedHasNoEffect() throws IOException {
        write("one");
        try (Journal journal = Journal.open(directory, new Found());
                Snapshot snapshot = journal.beginSnapshot()) {
            journal.append("two".getBytes(UTF_8));
            journal.force();
            snapshot.add("state".getBytes(UTF_8));
        }

        assertThat(records()).containsExactly("one", "two");
        assertThat(directory.toFile().list()).containsExactlyInAnyOrder("log-0", "log-1");
    }

    @Test
    void aLargeSnapshotComesBackRecordByRecord() throws IOException {
        byte[] large = new byte[700_000];
        Arrays.fill(large, (byte) 'x');
        try (Journal journal = Journal.open(directory, new Found());
                Snapshot snapshot = journal.beginSnapshot()) {
            for (int i = 0; i < 5; i++) {
                snapshot.add(large);
            }
            snapshot.commit();
            assertThat(journal.isSnapshotDue()).isFalse();
        }

        assertThat(found().state).hasSize(5).allMatch(record -> record.length() == large.length);
    }

    @Test
    void anEmptyStateIsASnapshotToo() throws IOException {
        write("one");
        try (Journal journal = Journal.open(directory, new Found());
                Snapshot snapshot = journal.beginSnapshot()) {
            snapshot.commit();
        }

        assertThat(records()).isEmpty();
    }

    @Test
    void refusesADamagedSnapshotWhereverTheDamageIs() throws IOException {
        try (Journal journal = Journal.open(directory, new Found());
                Snapshot snapshot = journal.beginSnapshot()) {
            snapshot.add("state".getBytes(UTF_8));
            snapshot.commit();
        }
        Path file = directory.resolve("snapshot-1");
        byte[] whole = Files.readAllBytes(file);

        for (int place = 0; place < whole.length; place++) {
            byte[] damaged = whole.clone();
            damaged[place] ^= 1;
            Files.write(file, damaged);
            assertThatThrownBy(this::found)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("snapshot-1 is damaged");
            Files.write(file, Arrays.copyOf(whole, place));
            assertThatThrownBy(this::found)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("snapshot-1 is damaged");
        }
    }

    @Test
    void refusesASegmentThatIsMissingOrEndsTooEarly() throws IOException {
        write("one");
        try (Journal journal = Journal.open(directory, new Found())) {
            journal.beginSnapshot().close();
            journal.append("two".getBytes(UTF_8));
            journal.force();
        }
        byte[] first = Files.readAllBytes(file());

        byte[] broken = first.clone();
        broken[13] ^= 1;
        Files.write(file(), broken);
        assertThatThrownBy(this::found).isInstanceOf(IOException.class).hasMessageContaining("log-0 is damaged");
        Files.delete(file());
        assertThatThrownBy(this::found).isInstanceOf(IOException.class).hasMessageContaining("log-0 is missing");
    }

    private Path file() {
        return directory.resolve("log-0");
    }

    private void write(String record) throws IOException {
        try (Journal journal = Journal.open(directory, new Found())) {
            journal.append(record.getBytes(UTF_8));
            journal.force();
        }
    }

    private List<String> records() throws IOException {
        Found found = found();
        assertThat(found.state).isEmpty();
        return found.appended;
    }

    private Found found() throws IOException {
        Found found = new Found();
        Journal.open(directory, found).close();
        return found;
    }

    private static final class Found implements Recovery {
        final List<String> state = new ArrayList<>();
        final List<String> appended = new ArrayList<>();

        @Override
        public void state(byte[] record) {
            state.add(new String(record, UTF_8));
        }

        @Override
        public void appended(byte[] record) {
            appended.add(new String(record, UTF_8));
        }
    }

    /** Without what was reserved behind the records. */
    private static byte[] trimmed(byte[] bytes) {
        int end = bytes.length;
        while (end > 0 && bytes[end - 1] == 0) {
            end--;
        }
        return Arrays.copyOf(bytes, end);
    }
}
