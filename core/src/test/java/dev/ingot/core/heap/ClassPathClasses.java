package dev.ingot.core.heap;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A program all of whose classes are on the class path. */
final class ClassPathClasses implements ProgramClasses {
    @Override
    public @Nullable RecordedClass recorded(Class<?> type) {
        return null;
    }

    @Override
    public List<Class<?>> knownTo(ClassLoader loader) {
        return List.of();
    }
}
