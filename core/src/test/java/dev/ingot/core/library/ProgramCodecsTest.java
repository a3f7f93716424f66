package dev.ingot.core.library;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import dev.ingot.api.Codec;
import dev.ingot.api.CodecProvider;
import dev.ingot.core.heap.NotCapturableException;
import dev.ingot.core.heap.NotRestorableException;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgramCodecsTest {
    @TempDir
    private Path directory;

    @Test
    void savesAndRestoresByTheProvidersSerializer() throws Exception {
        ProgramCodecs codecs = find(Provider.class);
        var handle = new Handle("db", 3);

        assertThat(codecs.accepts(Handle.class)).isTrue();
        assertThat(codecs.accepts(String.class)).isFalse();
        Object[] state = codecs.capture(handle);
        var restored = new Handle("", 0);
        ProgramCodecs.ofImage().restore(restored, state);

        assertThat(restored.name).isEqualTo("db");
        assertThat(restored.generation).isEqualTo(4);
    }

    @Test
    void withoutProviderNothingIsAccepted() throws Exception {
        assertThat(ProgramCodecs.find(List.of(ClassLoader.getPlatformClassLoader()))
                        .accepts(Handle.class))
                .isFalse();
    }

    @Test
    void twoCodecsForOneClassAreRefused() {
        assertThatThrownBy(() -> find(Provider.class, SecondProvider.class))
                .isInstanceOf(NotCapturableException.class)
                .hasRootCauseMessage("two codecs are provided for " + Handle.class.getName() + "; keep one of them");
    }

    @Test
    void aFailingSerializerIsNamedByItsClass() throws Exception {
        ProgramCodecs codecs = find(Provider.class);

        assertThatThrownBy(() -> codecs.capture(new Handle("", -1)))
                .isInstanceOf(NotCapturableException.class)
                .hasMessageContaining(Handle.class.getName())
                .hasRootCauseMessage("closed");
    }

    @Test
    void aSerializerThatReadsSomethingElseIsRefused() throws Exception {
        Object[] state = find(Provider.class).capture(new Handle("db", 3));

        assertThatThrownBy(() -> ProgramCodecs.ofImage().restore("text", state))
                .isInstanceOf(NotRestorableException.class)
                .hasMessageContaining("it must read what it wrote");
    }

    private ProgramCodecs find(Class<?>... providers) throws IOException, NotCapturableException {
        return find(directory, providers);
    }

    /** The codecs of a class loader that names these providers in {@code directory}. */
    static ProgramCodecs find(Path directory, Class<?>... providers) throws IOException, NotCapturableException {
        Path service = directory.resolve("META-INF/services/" + CodecProvider.class.getName());
        Files.createDirectories(service.getParent());
        Files.write(service, List.of(providers).stream().map(Class::getName).toList());
        var loader =
                new URLClassLoader(new URL[] {directory.toUri().toURL()}, ProgramCodecsTest.class.getClassLoader());
        return ProgramCodecs.find(List.of(loader));
    }

    static final class Handle {
        private final String name;
        private final int generation;

        Handle(String name, int generation) {
            this.name = name;
            this.generation = generation;
        }

        int generation() {
            return generation;
        }
    }

    public static final class Provider implements CodecProvider {
        @Override
        public List<Codec<?>> codecs() {
            return List.of(new Codec<>(Handle.class, new HandleSerializer()));
        }
    }

    public static final class SecondProvider implements CodecProvider {
        @Override
        public List<Codec<?>> codecs() {
            return List.of(new Codec<>(Handle.class, new HandleSerializer()));
        }
    }

    private static final class HandleSerializer extends Serializer<Handle> {
        @Override
        public void write(Kryo kryo, Output output, Handle handle) {
            if (handle.generation < 0) {
                throw new IllegalStateException("closed");
            }
            output.writeString(handle.name);
            output.writeInt(handle.generation);
        }

        @Override
        public Handle read(Kryo kryo, Input input, Class<? extends Handle> type) {
            return new Handle(input.readString(), input.readInt() + 1);
        }
    }
}
