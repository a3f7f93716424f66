package dev.ingot.integration;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.scheduler.etcd.EtcdClient;
import dev.ingot.scheduler.etcd.EtcdStorage;
import dev.ingot.scheduler.etcd.Leadership;
import dev.ingot.scheduler.journal.Follower;
import dev.ingot.scheduler.journal.Journal;
import dev.ingot.scheduler.journal.Recovery;
import dev.ingot.scheduler.journal.Snapshot;
import dev.ingot.scheduler.journal.Storage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A journal in a real etcd, and who may write it. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class EtcdJournalIT {
    private static final String PREFIX = "/test/";

    @TempDir
    private Path directory;

    private @Nullable EtcdServer server;
    private @Nullable EtcdClient etcd;

    @BeforeEach
    void start() throws IOException {
        server = EtcdServer.start(directory);
        etcd = new EtcdClient(List.of(server.uri()), null);
    }

    @AfterEach
    void end() {
        if (server != null) {
            server.close();
        }
    }

    @Test
    void aJournalIsThereForWhoComesNextAndForWhoFollows() throws IOException {
        List<String> expected = new ArrayList<>();
        List<String> followed = new ArrayList<>();
        Follower follower = new Follower(reading(), into(followed));
        try (Leadership leadership = Objects.requireNonNull(lead());
                Journal journal = Journal.open(writing(leadership), into(new ArrayList<>()))) {
            for (int i = 0; i < 300; i++) {
                // Some longer than what etcd takes at once.
                add(journal, expected, "x".repeat(i % 100 == 7 ? 3 << 20 : i) + i);
                assertThat(follower.advance()).isTrue();
            }
        }
        assertThat(followed).isEqualTo(expected);

        try (Leadership leadership = Objects.requireNonNull(lead())) {
            Journal journal = Objects.requireNonNull(follower.takeOver(writing(leadership)));
            try (Storage.Content beside = writing(leadership).open("beside")) {
                beside.write(ByteBuffer.wrap("content".getBytes(UTF_8)), 0);
                beside.force();
            }
            try (Snapshot snapshot = journal.beginSnapshot()) {
                for (String record : expected) {
                    snapshot.add(record.getBytes(UTF_8));
                }
                snapshot.commit();
            }
            add(journal, expected, "behind");
            journal.close();
        }

        assertThat(reading().names()).containsExactlyInAnyOrder("log-1", "snapshot-1", "beside");
        List<String> read = new ArrayList<>();
        assertThat(new Follower(reading(), into(read)).advance()).isTrue();
        assertThat(read).isEqualTo(expected);
    }

    @Test
    void whoHasBeenSucceededWritesNothingAndSaysNothing() throws IOException {
        Leadership first = Objects.requireNonNull(lead());
        assertThat(lead()).isNull();
        Journal journal = Journal.open(writing(first), into(new ArrayList<>()));
        add(journal, new ArrayList<>(), "one");

        first.close();
        try (Leadership second = Objects.requireNonNull(lead());
                Journal taken = Journal.open(writing(second), into(new ArrayList<>()))) {
            assertThatThrownBy(journal::force).hasMessageContaining("does not run the pool any more");
            journal.append("late".getBytes(UTF_8));
            assertThatThrownBy(journal::force).hasMessageContaining("does not run the pool any more");
            add(taken, new ArrayList<>(), "two");
        }

        List<String> read = new ArrayList<>();
        assertThat(new Follower(reading(), into(read)).advance()).isTrue();
        assertThat(read).containsExactly("one", "two");
    }

    private @Nullable Leadership lead() throws IOException {
        return Leadership.tryAcquire(Objects.requireNonNull(etcd), PREFIX, "test");
    }

    private Storage reading() {
        return new EtcdStorage(Objects.requireNonNull(etcd), PREFIX, null);
    }

    private Storage writing(Leadership leadership) {
        return new EtcdStorage(Objects.requireNonNull(etcd), PREFIX, leadership);
    }

    private static void add(Journal journal, List<String> records, String record) throws IOException {
        journal.append(record.getBytes(UTF_8));
        journal.force();
        records.add(record);
    }

    private static Recovery into(List<String> records) {
        return new Recovery() {
            @Override
            public void state(byte[] record) {
                records.add(new String(record, UTF_8));
            }

            @Override
            public void appended(byte[] record) {
                records.add(new String(record, UTF_8));
            }
        };
    }
}
