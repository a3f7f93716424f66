package dev.ingot.agent.transform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.runtime.HiddenClassTable;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.ref.WeakReference;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

final class HiddenClassTableTest {
    private final HiddenClassTable<Object> table = new HiddenClassTable<>();

    /** Defined again and again. */
    private static final class Template {}

    @Test
    void tellsClassesApart() throws Exception {
        Class<?> one = define();
        Class<?> other = define();
        table.put(one, "one");

        assertThat(table.get(other)).isNull();

        table.put(other, "other");
        assertThat(table.get(one)).isEqualTo("one");
        assertThat(table.get(other)).isEqualTo("other");
    }

    @Test
    void letsGoOfWhatIsKnownOfUnloadedClasses() throws Exception {
        Class<?> kept = define();
        table.put(kept, "kept");
        WeakReference<Object> known = putOne();

        Awaitility.await().untilAsserted(() -> {
            System.gc();
            table.put(define(), "later");
            assertThat(known.get()).isNull();
        });

        assertThat(table.get(kept)).isEqualTo("kept");
    }

    private WeakReference<Object> putOne() throws Exception {
        Object value = new Object();
        table.put(define(), value);
        return new WeakReference<>(value);
    }

    private static Class<?> define() throws IOException, IllegalAccessException {
        try (InputStream classFile = Template.class.getResourceAsStream("HiddenClassTableTest$Template.class")) {
            return MethodHandles.lookup()
                    .defineHiddenClass(Objects.requireNonNull(classFile).readAllBytes(), false)
                    .lookupClass();
        }
    }
}
