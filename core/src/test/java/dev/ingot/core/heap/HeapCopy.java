package dev.ingot.core.heap;

import dev.ingot.core.handover.HandOver;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Writes graphs and reads them again, in this JVM. */
final class HeapCopy {
    private final ExternalObjects externals = ExternalObjects.ofThisJvm();
    private final Map<Class<?>, RecordedClass> recorded = new HashMap<>();
    private final Map<ClassLoader, List<Class<?>>> known = new HashMap<>();
    private ObjectCodecs codecs = ObjectCodecs.NONE;
    private List<Class<?>> statics = List.of();

    static <T> T copy(T root) throws Exception {
        return new HeapCopy().roundTrip(root);
    }

    HeapCopy withCodecs(ObjectCodecs those) {
        codecs = those;
        return this;
    }

    HeapCopy withStatics(Class<?>... types) {
        statics = List.of(types);
        return this;
    }

    HeapCopy withRecorded(Class<?> type, RecordedClass bytes) {
        recorded.put(type, bytes);
        return this;
    }

    HeapCopy withKnown(ClassLoader loader, Class<?>... types) {
        known.put(loader, List.of(types));
        return this;
    }

    @SuppressWarnings("unchecked") // The reader gives back what was written.
    <T> T roundTrip(T root) throws Exception {
        return (T) read(write(root)).root();
    }

    byte[] write(Object root) throws NotCapturableException, IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (HeapHistory history = HeapHistory.ofOneImage()) {
            write(root, history, head, out);
        }
        head.writeBytes(out.toByteArray());
        return head.toByteArray();
    }

    void write(Object root, HeapHistory history, OutputStream head, OutputStream out)
            throws NotCapturableException, IOException {
        externals.refresh(Jdk.loadedClasses());
        try (HandOver handOver = HandOver.to(out, 1 << 24, Thread::new)) {
            try (OutputStream in = handOver.input()) {
                HeapRoots roots = new HeapRoots(root, statics);
                HeapWriter.write(roots, program(), externals, codecs, PathNames.PLAIN, history, head, in);
            }
            handOver.finish();
        }
    }

    RestoredHeap read(byte[] image) throws NotRestorableException, IOException {
        return read(image, new AnyClass());
    }

    RestoredHeap read(byte[] image, RestoreListener listener) throws NotRestorableException, IOException {
        return HeapReader.open(new ByteArrayInputStream(image), image.length)
                .read(externals, codecs, listener, PathNames.PLAIN);
    }

    /** What was read, and what images that go on it need. */
    record Resumed(RestoredHeap heap, HeapHistory history) {}

    Resumed resume(byte[] image) throws NotRestorableException, IOException {
        HeapReader reader = HeapReader.open(new ByteArrayInputStream(image), image.length);
        reader.remember();
        RestoredHeap heap = reader.read(externals, codecs, new AnyClass(), PathNames.PLAIN);
        return new Resumed(heap, Objects.requireNonNull(reader.history()));
    }

    /** Reads {@code first}, and then what another stream has beyond it, which begins with the same segments. */
    RestoredHeap readInTwo(byte[] first, byte[] head, byte[] rest) throws NotRestorableException, IOException {
        HeapReader reader = HeapReader.open(new ByteArrayInputStream(first), first.length);
        reader.readAhead(externals, codecs, new AnyClass());
        reader.goOn(
                new SequenceInputStream(new ByteArrayInputStream(head), new ByteArrayInputStream(rest)), rest.length);
        return reader.readRest(PathNames.PLAIN);
    }

    private ProgramClasses program() {
        return new ProgramClasses() {
            @Override
            public @Nullable RecordedClass recorded(Class<?> type) {
                return recorded.get(type);
            }

            @Override
            public List<Class<?>> knownTo(ClassLoader loader) {
                return known.getOrDefault(loader, List.of());
            }
        };
    }
}
