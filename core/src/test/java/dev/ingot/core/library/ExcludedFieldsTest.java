package dev.ingot.core.library;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.api.ExcludedFromImage;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import org.junit.jupiter.api.Test;

class ExcludedFieldsTest {
    private final ExcludedFields excluded = new ExcludedFields();

    @Test
    void findsAnnotatedFieldsOfObjectsAndOfClasses() {
        assertThat(excluded.contains(Sample.class, "cache")).isTrue();
        assertThat(excluded.contains(Sample.class, "SHARED")).isTrue();
        assertThat(excluded.contains(Sample.class, "kept")).isFalse();
        assertThat(excluded.contains(Child.class, "cache")).isFalse();
        assertThat(excluded.contains(String.class, "value")).isFalse();
    }

    @Test
    void findsTheAnnotationAmongOthers() {
        assertThat(excluded.contains(Sample.class, "amongOthers")).isTrue();
        assertThat(excluded.contains(Sample.class, "others")).isFalse();
    }

    @Test
    void initialisesNoClass() {
        assertThat(excluded.contains(Uninitialised.class, "field")).isTrue();
        assertThat(initialised).isFalse();
    }

    private static boolean initialised;

    @SuppressWarnings("unused")
    private static final class Uninitialised {
        static {
            initialised = true;
        }

        @ExcludedFromImage
        private int field;
    }

    @SuppressWarnings("unused")
    private static class Sample {
        @ExcludedFromImage
        private static final int[] SHARED = {};

        @ExcludedFromImage
        private int cache;

        private int kept;

        @Elaborate(
                texts = {"a", "b"},
                type = String.class,
                level = RetentionPolicy.CLASS,
                inner = @Inner(7))
        @ExcludedFromImage
        private int amongOthers;

        @Elaborate(
                texts = {},
                type = int.class,
                level = RetentionPolicy.CLASS,
                inner = @Inner(7))
        private int others;
    }

    private static final class Child extends Sample {}

    @Retention(RetentionPolicy.RUNTIME)
    private @interface Elaborate {
        String[] texts();

        Class<?> type();

        RetentionPolicy level();

        Inner inner();
    }

    @Retention(RetentionPolicy.RUNTIME)
    private @interface Inner {
        long value();
    }
}
