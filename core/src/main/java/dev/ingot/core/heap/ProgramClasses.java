package dev.ingot.core.heap;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the heap engine asks about the classes of the program. Runs while the program stands still: must not run its code. */
public interface ProgramClasses {

    /** The bytes to define {@code type} from, or null if the fresh JVM finds the class through its loader by name. */
    @Nullable RecordedClass recorded(Class<?> type);

    /**
     * The classes that the JVM has found so far when it asked {@code loader}, a class loader of the program: those that it has defined, and
     * those of other loaders. Each once.
     */
    List<Class<?>> knownTo(ClassLoader loader);

    /** Whether objects in the field are left out of the image; the field is zero after the resume. */
    default boolean isExcluded(Class<?> declaring, String field) {
        return false;
    }
}
