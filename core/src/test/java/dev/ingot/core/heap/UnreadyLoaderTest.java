package dev.ingot.core.heap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A loader that looks at its own class path first, as those of Maven's plugins do, cannot load before that is restored. The JVM asks it
 * for classes before there can be objects of its own, and for more of them when it verifies these.
 */
class UnreadyLoaderTest {
    /** To see that an {@code OperationsException} is a {@code JMException} the verifier loads both. */
    private static final String WORKER = """
            public class Worker implements java.util.function.Supplier<String> {
                static int asked = 41;
                @Override public String get() { return told(new javax.management.OperationsException("told " + ++asked)); }
                private static String told(javax.management.JMException exception) { return exception.getMessage(); }
            }
            """;

    @TempDir
    private Path directory;

    @Test
    void objectsAndStaticsWaitUntilTheirLoaderCanLoad() throws Exception {
        assertThat(copied(new ClassPathCodec(-1000))).isEqualTo("told 42");
    }

    @Test
    void saysWhatTheLoaderThrewIfItNeverCan() {
        assertThatThrownBy(() -> copied(new ClassPathCodec(1)))
                .isInstanceOf(NotRestorableException.class)
                .hasMessageContaining("no class path yet");
    }

    private String copied(ClassPathCodec codec) throws Exception {
        Map<String, byte[]> files = Sources.compile(directory, "Worker", WORKER);
        byte[] file = Objects.requireNonNull(files.get("Worker"));
        OwnPathFirst loader = new OwnPathFirst(UnreadyLoaderTest.class.getClassLoader());
        loader.add("Worker", file);
        Class<?> type = loader.loadClass("Worker");
        Object worker = type.getConstructor().newInstance();
        HeapCopy heap = new HeapCopy()
                .withCodecs(new ObjectCodecs(List.of(), List.of(codec)))
                .withRecorded(type, new RecordedClass(file, null))
                .withDefined(loader, type)
                .withStatics(type);

        Object[] copy = heap.roundTrip(new Object[] {worker});

        assertThat(copy[0].getClass()).isNotSameAs(type);
        return (String) ((Supplier<?>) copy[0]).get();
    }

    /** Its state comes by a codec, as that of the JDK's class paths does. */
    static final class ClassPath {
        private boolean open = true;
    }

    private record ClassPathCodec(int order) implements ObjectCodec<ClassPath> {
        @Override
        public boolean accepts(Class<?> type) {
            return type == ClassPath.class;
        }

        @Override
        public Object[] capture(ClassPath object) {
            return new Object[0];
        }

        @Override
        public void restore(ClassPath object, Object[] state) {
            object.open = true;
        }
    }

    /** But for the JDK's own packages, which every loader leaves to the boot loader. */
    static final class OwnPathFirst extends ProgramLoader {
        private final ClassPath classPath = new ClassPath();

        OwnPathFirst(ClassLoader parent) {
            super("own path first", parent);
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith("java.") && findLoadedClass(name) == null && !classPath.open) {
                throw new IllegalStateException("no class path yet");
            }
            return super.loadClass(name, resolve);
        }
    }
}
