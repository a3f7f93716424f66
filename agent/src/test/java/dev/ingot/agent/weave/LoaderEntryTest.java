package dev.ingot.agent.weave;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.runtime.LoaderAnswers;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.util.CheckClassAdapter;

class LoaderEntryTest {
    /** Which the loader of the test does not find. */
    private static final Class<?> OUT_OF_SIGHT = LoaderEntryTest.class;

    @AfterEach
    void askLoadersAgain() {
        LoaderAnswers.answerFrom(null);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aLoaderIsNotAskedForWhatIsKnown(boolean resumable) throws Exception {
        ClassLoader loader = woven(Counting.class, resumable);
        LoaderAnswers.answerFrom(
                (asked, name) -> asked == loader && name.equals(OUT_OF_SIGHT.getName()) ? OUT_OF_SIGHT : null);

        assertThat(Class.forName(OUT_OF_SIGHT.getName(), false, loader)).isSameAs(OUT_OF_SIGHT);
        assertThat(((Supplier<?>) loader).get()).isEqualTo(0);
        assertThat(loader.loadClass("java.lang.String")).isSameAs(String.class);
        assertThat(((Supplier<?>) loader).get()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(classes = {Secluded.class, SecludedInOneStep.class})
    void aLoaderThatDoesNotAskItsParentsFindsWhatWovenCodeCalls(Class<?> secluded) throws Exception {
        ClassLoader loader = woven(secluded, false);

        assertThat(Class.forName(LoaderAnswers.class.getName(), false, loader)).isSameAs(LoaderAnswers.class);
        assertThatThrownBy(() -> loader.loadClass("dev.ingot.runtime.Missing"))
                .isInstanceOf(ClassNotFoundException.class)
                .hasMessage("secluded");
        assertThatThrownBy(() -> loader.loadClass(OUT_OF_SIGHT.getName()))
                .isInstanceOf(ClassNotFoundException.class)
                .hasMessage("secluded");
    }

    private static ClassLoader woven(Class<?> type, boolean resumable) throws Exception {
        byte[] woven = Objects.requireNonNull(new Weaver((first, second) -> "java/lang/Object")
                        .weave(Definer.classFile(type), new WeaveRequest(false, false, resumable, Set.of())))
                .bytes();
        return Class.forName(type.getName(), true, new Definer(type, woven))
                .asSubclass(ClassLoader.class)
                .getConstructor()
                .newInstance();
    }

    @Test
    void whatLoadersInheritIsWovenOnThisJdk() throws Exception {
        byte[] woven = LoaderEntry.weave(Definer.classFile(ClassLoader.class));

        StringWriter report = new StringWriter();
        CheckClassAdapter.verify(new ClassReader(woven), null, false, new PrintWriter(report));
        assertThat(report.toString()).isEmpty();
        assertThat(new String(woven, StandardCharsets.ISO_8859_1)).contains("LoaderAnswers");
    }

    /** Finds nothing, as a loader of modules that import nothing. */
    public static final class Secluded extends ClassLoader {
        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            throw new ClassNotFoundException("secluded");
        }
    }

    /** Finds nothing either. */
    public static final class SecludedInOneStep extends ClassLoader {
        @Override
        public Class<?> loadClass(String name) throws ClassNotFoundException {
            throw new ClassNotFoundException("secluded");
        }
    }

    /** Counts what it is asked for. Its method begins with a loop, so that a frame stands at its first instruction. */
    public static final class Counting extends ClassLoader implements Supplier<Integer> {
        private int asked;

        public Counting() {
            super(null);
        }

        @Override
        public Class<?> loadClass(String name) throws ClassNotFoundException {
            while (true) {
                asked++;
                Class<?> found = super.loadClass(name);
                if (found != null) {
                    return found;
                }
            }
        }

        @Override
        public Integer get() {
            return asked;
        }
    }
}
