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
        Journal written = Journal.open(file());
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
        try (Journal journal = Journal.open(file())) {
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

        assertThatThrownBy(() -> Journal.open(file()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("byte 0 is broken");
    }

    @Test
    void growsPastWhatItReserves() throws IOException {
        Random random = new Random(1);
        List<String> expected = new ArrayList<>();
        try (Journal journal = Journal.open(file())) {
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

    private Path file() {
        return directory.resolve("journal");
    }

    private void write(String record) throws IOException {
        try (Journal journal = Journal.open(file())) {
            journal.append(record.getBytes(UTF_8));
            journal.force();
        }
    }

    private List<String> records() throws IOException {
        try (Journal journal = Journal.open(file())) {
            return journal.takeRecords().stream()
                    .map(record -> new String(record, UTF_8))
                    .toList();
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
