package dev.ingot.core.heap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OrderOfReadingTest {
    /** A stream of segments may begin a thread with its first byte, and that would make method types while hash codes change. */
    @Test
    void classesHaveTheirHashesBeforeAByteOfASegmentIsAskedFor() throws Exception {
        HeapCopy copy = new HeapCopy();
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        ByteArrayOutputStream segments = new ByteArrayOutputStream();
        try (HeapHistory history = HeapHistory.ofOneImage()) {
            copy.write(Map.of("some", "root"), history, head, segments);
        }
        List<String> order = new ArrayList<>();
        InputStream watched = new ByteArrayInputStream(segments.toByteArray()) {
            @Override
            public synchronized int read(byte[] bytes, int offset, int length) {
                order.add("segments");
                return super.read(bytes, offset, length);
            }
        };
        RestoreListener listener = new RestoreListener() {
            @Override
            public boolean mayReplaceHashes() {
                return true;
            }

            @Override
            public void alone(Runnable task) {
                task.run();
                order.add("hashes");
            }
        };

        RestoredHeap heap = HeapReader.open(
                        new SequenceInputStream(new ByteArrayInputStream(head.toByteArray()), watched), segments.size())
                .read(ExternalObjects.ofThisJvm(), ObjectCodecs.NONE, listener, PathNames.PLAIN);

        assertThat(heap.root()).isEqualTo(Map.of("some", "root"));
        assertThat(order.indexOf("hashes")).isZero();
        assertThat(order.lastIndexOf("hashes")).isZero();
        assertThat(order).contains("segments");
    }
}
