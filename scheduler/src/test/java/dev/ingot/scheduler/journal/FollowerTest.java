package dev.ingot.scheduler.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FollowerTest {
    private static final Journal.Sizes SMALL = new Journal.Sizes(100, 64);

    @TempDir
    private Path directory;

    private Storage storage = Storage.directory(Path.of(""));

    @BeforeEach
    void chooseDirectory() {
        storage = Storage.directory(directory);
    }

    @Test
    void hearsWhatBecomesDurableAndGoesOnWithTheJournal() throws IOException {
        Heard heard = new Heard();
        Follower follower = new Follower(storage, heard);
        assertThat(follower.advance()).isTrue();
        Journal journal = Journal.open(storage, SMALL, new Heard());
        append(journal, "one");
        assertThat(follower.advance()).isTrue();
        assertThat(heard.records).containsExactly("one");
        append(journal, "two");
        journal.append("never durable".getBytes(UTF_8));
        assertThat(follower.advance()).isTrue();
        assertThat(heard.records).containsExactly("one", "two");

        try (Journal own = Objects.requireNonNull(follower.takeOver(storage))) {
            append(own, "three");
        }
        journal.close();

        assertThat(heard.records).containsExactly("one", "two");
        Heard after = new Heard();
        Journal.open(storage, SMALL, after).close();
        assertThat(after.records).containsExactly("one", "two", "three");
    }

    @Test
    void beginsAnewWhereItHasFallenBehindASnapshot() throws IOException {
        Follower follower = new Follower(storage, new Heard());
        try (Journal journal = Journal.open(storage, SMALL, new Heard())) {
            append(journal, "one");
            assertThat(follower.advance()).isTrue();
            append(journal, "two");
            snapshot(journal, "one and two");
        }

        assertThat(follower.advance()).isFalse();
        assertThat(follower.takeOver(storage)).isNull();
        Heard heard = new Heard();
        assertThat(new Follower(storage, heard).advance()).isTrue();
        assertThat(heard.records).containsExactly("one and two");
    }

    @Test
    void hearsTheSameAsWhoReadsTheJournalAtItsEndHoweverFarItWas() throws IOException {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            CrashingStorage files = new CrashingStorage(Integer.MAX_VALUE);
            List<String> state = new ArrayList<>();
            Heard heard = new Heard();
            Follower follower = new Follower(files, heard);
            Journal journal = Journal.open(files, SMALL, new Heard());
            for (int i = 0; i < 30; i++) {
                append(journal, "record " + i);
                state.add("record " + i);
                if (random.nextInt(4) == 0) {
                    snapshot(journal, String.join(",", state));
                }
                if (random.nextInt(3) == 0 && !follower.advance()) {
                    heard = new Heard();
                    follower = new Follower(files, heard);
                }
            }

            Journal own = follower.takeOver(files);
            if (own == null) {
                heard = new Heard();
                own = Journal.open(files, SMALL, heard);
            }
            append(own, "last");
            state.add("last");
            Heard again = new Heard();
            Journal.open(files, SMALL, again);

            assertThat(String.join(",", heard.records) + ",last")
                    .as("seed %d", seed)
                    .isEqualTo(String.join(",", state));
            assertThat(String.join(",", again.records)).as("seed %d", seed).isEqualTo(String.join(",", state));
        }
    }

    private static void append(Journal journal, String record) throws IOException {
        journal.append(record.getBytes(UTF_8));
        journal.force();
    }

    private static void snapshot(Journal journal, String state) throws IOException {
        try (Snapshot snapshot = journal.beginSnapshot()) {
            snapshot.add(state.getBytes(UTF_8));
            snapshot.commit();
        }
    }

    private static final class Heard implements Recovery {
        final List<String> records = new ArrayList<>();

        @Override
        public void state(byte[] record) {
            records.add(new String(record, UTF_8));
        }

        @Override
        public void appended(byte[] record) {
            records.add(new String(record, UTF_8));
        }
    }
}
