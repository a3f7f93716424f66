package dev.ingot.core.heap;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the heap engine asks about the classes of the program. Runs while the program stands still: must not run its code. */
public interface ProgramClasses {

    /** The bytes to define {@code type} from, or null if the fresh JVM finds the class through its loader by name. */
    @Nullable RecordedClass recorded(Class<?> type);

    /** The classes that {@code loader}, a class loader of the program, has defined so far. Hidden classes and proxies left out. */
    List<Class<?>> definedBy(ClassLoader loader);

    /** Whether objects in the field are left out of the image; the field is zero after the resume. */
    default boolean isExcluded(Class<?> declaring, String field) {
        return false;
    }
}
