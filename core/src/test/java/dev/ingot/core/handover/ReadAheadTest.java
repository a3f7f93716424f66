package dev.ingot.core.handover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ReadAheadTest {
    private static final int MEGABYTE = 1 << 20;

    @Test
    void givesEveryByteInOrder() throws IOException {
        byte[] bytes = new byte[5 * MEGABYTE + 7];
        Random random = new Random(4);
        random.nextBytes(bytes);
        ByteArrayOutputStream got = new ByteArrayOutputStream();

        try (InputStream ahead = ReadAhead.of(new ByteArrayInputStream(bytes), Thread::new)) {
            got.write(ahead.read());
            byte[] piece = new byte[400_000];
            for (int count = ahead.read(piece, 0, 1 + random.nextInt(piece.length));
                    count >= 0;
                    count = ahead.read(piece, 0, 1 + random.nextInt(piece.length))) {
                got.write(piece, 0, count);
            }
            assertThat(ahead.read()).isEqualTo(-1);
        }

        assertThat(got.toByteArray()).isEqualTo(bytes);
    }

    @Test
    @SuppressWarnings("InputStreamSlowMultibyteRead")
    void throwsWhatTheSourceThrewBehindTheBytesBeforeIt() throws IOException {
        InputStream broken = new InputStream() {
            private int left = MEGABYTE;

            @Override
            public int read() throws IOException {
                if (left-- == 0) {
                    throw new IOException("a torn file");
                }
                return 7;
            }
        };
        try (InputStream ahead = ReadAhead.of(broken, Thread::new)) {
            assertThat(ahead.readNBytes(MEGABYTE)).hasSize(MEGABYTE).containsOnly(7);
            assertThatThrownBy(ahead::read).isInstanceOf(IOException.class).hasMessage("a torn file");
        }
    }

    @Test
    void makesNoThreadBeforeAByteIsAskedFor() throws IOException {
        AtomicInteger threads = new AtomicInteger();
        try (InputStream ahead = ReadAhead.of(new ByteArrayInputStream(new byte[] {7}), task -> {
            threads.incrementAndGet();
            return new Thread(task);
        })) {
            assertThat(threads).hasValue(0);
            assertThat(ahead.read()).isEqualTo(7);
            assertThat(ahead.read()).isEqualTo(-1);
            assertThat(threads).hasValue(1);
        }
    }

    @Test
    void closesTheSourceThoughNobodyReadsItToItsEnd() throws IOException {
        AtomicBoolean closed = new AtomicBoolean();
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                return 1;
            }

            @Override
            public void close() {
                closed.set(true);
            }
        };

        ReadAhead.of(endless, Thread::new).close();

        assertThat(closed).isTrue();
    }
}
