package dev.ingot.core.library;

import dev.ingot.core.jvm.DeclaredFields;
import dev.ingot.core.jvm.FieldAnnotations;
import java.lang.reflect.Field;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fields that a program leaves out of images by the annotation {@code ExcludedFromImage}. Confined to one thread.
 */
public final class ExcludedFields {
    private static final String ANNOTATION = "Ldev/ingot/api/ExcludedFromImage;";

    private @Nullable Class<?> last;
    private Set<String> excludedOfLast = Set.of();

    /** Whether the field that {@code declaring} itself declares is left out. Never initialises the class. */
    public boolean contains(Class<?> declaring, String field) {
        if (declaring.getClassLoader() == null) {
            return false;
        }
        if (declaring != last) {
            excludedOfLast = excludedOf(declaring);
            last = declaring;
        }
        return excludedOfLast.contains(field);
    }

    private static Set<String> excludedOf(Class<?> declaring) {
        Set<String> excluded = new HashSet<>();
        addExcluded(DeclaredFields.ofInstances(declaring), excluded);
        addExcluded(DeclaredFields.ofClass(declaring), excluded);
        return excluded;
    }

    private static void addExcluded(List<Field> fields, Set<String> excluded) {
        for (Field field : fields) {
            if (FieldAnnotations.texts(field, ANNOTATION).isPresent()) {
                excluded.add(field.getName());
            }
        }
    }
}
