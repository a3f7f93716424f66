package dev.ingot.core.heap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.runtime.LoaderAnswers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import javax.management.JMException;
import javax.management.OperationsException;
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

    /** As woven loaders do. */
    @Test
    void isNotAskedForWhatItWasAskedBefore() throws Exception {
        OwnPathFirst loader = new AnsweredFor(UnreadyLoaderTest.class.getClassLoader());

        assertThat(copied(new ClassPathCodec(1), loader, OperationsException.class, JMException.class))
                .isEqualTo("told 42");
    }

    @Test
    void isAskedForWhatItWasNotAskedBefore() {
        OwnPathFirst loader = new AnsweredFor(UnreadyLoaderTest.class.getClassLoader());

        assertThatThrownBy(() -> copied(new ClassPathCodec(1), loader, OperationsException.class))
                .isInstanceOf(NotRestorableException.class)
                .hasMessageContaining("no class path yet");
    }

    private String copied(ClassPathCodec codec) throws Exception {
        return copied(codec, new OwnPathFirst(UnreadyLoaderTest.class.getClassLoader()));
    }

    private String copied(ClassPathCodec codec, OwnPathFirst loader, Class<?>... askedFor) throws Exception {
        Map<String, byte[]> files = Sources.compile(directory, "Worker", WORKER);
        byte[] file = Objects.requireNonNull(files.get("Worker"));
        loader.add("Worker", file);
        Class<?> type = loader.loadClass("Worker");
        Object worker = type.getConstructor().newInstance();
        List<Class<?>> known = new ArrayList<>(List.of(askedFor));
        known.add(type);
        HeapCopy heap = new HeapCopy()
                .withCodecs(new ObjectCodecs(List.of(), List.of(codec)))
                .withRecorded(type, new RecordedClass(file, null))
                .withKnown(loader, known.toArray(Class<?>[]::new))
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
    static class OwnPathFirst extends ProgramLoader {
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

    static final class AnsweredFor extends OwnPathFirst {
        AnsweredFor(ClassLoader parent) {
            super(parent);
        }

        @Override
        public Class<?> loadClass(String name) throws ClassNotFoundException {
            Class<?> known = LoaderAnswers.find(this, name);
            return known == null ? super.loadClass(name) : known;
        }
    }
}
