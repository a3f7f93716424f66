package dev.ingot.core.library;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.api.ExcludedFromImage;
import dev.ingot.core.heap.ExternalObjects;
import dev.ingot.core.heap.HeapReader;
import dev.ingot.core.heap.HeapRoots;
import dev.ingot.core.heap.HeapWriter;
import dev.ingot.core.heap.ObjectCodecs;
import dev.ingot.core.heap.PathNames;
import dev.ingot.core.heap.ProgramClasses;
import dev.ingot.core.heap.RecordedClass;
import dev.ingot.core.heap.RestoreListener;
import dev.ingot.core.library.ProgramCodecsTest.Handle;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Excluded fields and codecs of the program, through the heap engine. */
class LibraryInGraphTest {
    @TempDir
    private Path directory;

    @Test
    void aCodecKeepsIdentityAndTheImageCarriesTheCodec() throws Exception {
        var handle = new Handle("db", 3);
        ProgramCodecs codecs = ProgramCodecsTest.find(directory, ProgramCodecsTest.Provider.class);

        Object[] copy = (Object[]) roundTrip(new Object[] {handle, handle}, codecs);

        assertThat(copy[0]).isSameAs(copy[1]).isNotSameAs(handle).isInstanceOf(Handle.class);
        assertThat(((Handle) copy[0]).generation()).isEqualTo(4);
    }

    @Test
    void anExcludedFieldIsZeroAfterwards() throws Exception {
        var holder = new Holder();
        holder.cache = "recomputed";
        holder.kept = "kept";

        Holder copy = (Holder) roundTrip(holder, ProgramCodecs.find(List.of()));

        assertThat(copy.kept).isEqualTo("kept");
        assertThat(copy.cache).isNull();
        assertThat(holder.cache).isEqualTo("recomputed");
    }

    private static Object roundTrip(Object root, ProgramCodecs codecs) throws Exception {
        var externals = ExternalObjects.ofThisJvm();
        externals.refresh(new Class<?>[] {Object.class});
        var out = new ByteArrayOutputStream();
        HeapWriter.write(new HeapRoots(root, List.of()), new Program(), externals, only(codecs), PathNames.PLAIN, out);
        byte[] image = out.toByteArray();
        return HeapReader.open(new ByteArrayInputStream(image), image.length)
                .read(externals, only(ProgramCodecs.ofImage()), RestoreListener.NONE, PathNames.PLAIN)
                .root();
    }

    private static ObjectCodecs only(ProgramCodecs codecs) {
        return new ObjectCodecs(List.of(), List.of(codecs));
    }

    private static final class Holder {
        @ExcludedFromImage
        private @Nullable String cache;

        private @Nullable String kept;
    }

    private static final class Program implements ProgramClasses {
        private final ExcludedFields excluded = new ExcludedFields();

        @Override
        public @Nullable RecordedClass recorded(Class<?> type) {
            return null;
        }

        @Override
        public List<Class<?>> knownTo(ClassLoader loader) {
            return List.of();
        }

        @Override
        public boolean isExcluded(Class<?> declaring, String field) {
            return excluded.contains(declaring, field);
        }
    }
}
