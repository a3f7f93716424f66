package dev.ingot.benchmarks.heap;

import dev.ingot.core.heap.ExternalObjects;
import dev.ingot.core.heap.HeapHistory;
import dev.ingot.core.heap.HeapReader;
import dev.ingot.core.heap.HeapRoots;
import dev.ingot.core.heap.HeapStatistics;
import dev.ingot.core.heap.HeapWriter;
import dev.ingot.core.heap.NotCapturableException;
import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.heap.ObjectCodecs;
import dev.ingot.core.heap.PathNames;
import dev.ingot.core.heap.ProgramClasses;
import dev.ingot.core.heap.RecordedClass;
import dev.ingot.core.heap.RestoreListener;
import dev.ingot.core.jdk.JdkCodecs;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Ingot's writer and reader with all codecs, as a checkpoint and a resume use them. */
final class IngotEngine implements HeapEngine {
    private static final ProgramClasses ON_CLASS_PATH = new ProgramClasses() {
        @Override
        public @Nullable RecordedClass recorded(Class<?> type) {
            return null;
        }

        @Override
        public List<Class<?>> knownTo(ClassLoader loader) {
            return List.of();
        }
    };

    private final ByteStore store = new ByteStore();
    private final ExternalObjects externals = ExternalObjects.ofThisJvm();
    private final ObjectCodecs codecs = new ObjectCodecs(JdkCodecs.resolvers(), JdkCodecs.codecs());

    @Override
    public void write(Object root) throws IOException, NotCapturableException {
        write(root, store.output());
    }

    /** Writes the graph somewhere else. */
    HeapStatistics write(Object root, OutputStream out) throws IOException, NotCapturableException {
        return HeapWriter.write(new HeapRoots(root, List.of()), ON_CLASS_PATH, externals, codecs, PathNames.PLAIN, out);
    }

    /** Writes what changed. */
    void write(Object root, HeapHistory history, OutputStream head, OutputStream out)
            throws IOException, NotCapturableException {
        HeapRoots roots = new HeapRoots(root, List.of());
        HeapWriter.write(roots, ON_CLASS_PATH, externals, codecs, PathNames.PLAIN, history, head, out);
    }

    @Override
    public long bytes() {
        return store.size();
    }

    @Override
    public Object read() throws Exception {
        return read(store.input(), store.size());
    }

    /** The same, noting what images need that are to go on that one. */
    Object readToGoOn() throws IOException, NotRestorableException {
        HeapReader reader = HeapReader.open(store.input(), store.size());
        reader.remember();
        Object root = reader.read(externals, codecs, RestoreListener.NONE, PathNames.PLAIN)
                .root();
        try (HeapHistory history = reader.history()) {
            if (history == null || !history.continues()) {
                throw new IllegalStateException("no image could go on");
            }
        }
        return root;
    }

    Object read(InputStream image, long length) throws IOException, NotRestorableException {
        return HeapReader.open(image, length)
                .read(externals, codecs, RestoreListener.NONE, PathNames.PLAIN)
                .root();
    }
}
