package dev.ingot.core.heap;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How an image that was read holds the objects of a class, for those that go on it. Holds on to no class.
 *
 * @param number the plan's
 */
record EarlierPlan(int number, PlanKind kind, boolean hasState, List<EarlierField> fields) {
    EarlierPlan {
        fields = List.copyOf(fields);
    }

    /** @param steps how far above the class the one lies that declares the field */
    private record EarlierField(int steps, String name, String descriptor) {}

    /** Null if a class that declares fields is not among the superclasses here. */
    static @Nullable EarlierPlan of(ImagePlan plan, Class<?> type, ImageClasses classes) {
        List<EarlierField> fields = new ArrayList<>();
        for (ImageField field : plan.fields) {
            int steps = steps(type, classes.get(field.declaring()).type());
            if (steps < 0) {
                return null;
            }
            fields.add(new EarlierField(steps, field.name(), field.descriptor()));
        }
        return new EarlierPlan(plan.number, plan.kind, plan.hasState, fields);
    }

    /** Whether that is how this JVM would write them, field by field. */
    boolean isFor(PlanKind otherKind, boolean withState, Class<?> type, List<Field> ordered) {
        return kind == otherKind
                && hasState == withState
                && fields.equals(ordered.stream()
                        .map(field -> new EarlierField(
                                steps(type, field.getDeclaringClass()),
                                field.getName(),
                                field.getType().descriptorString()))
                        .toList());
    }

    private static int steps(Class<?> type, @Nullable Class<?> declaring) {
        int steps = 0;
        for (Class<?> each = type; each != null; each = each.getSuperclass()) {
            if (each == declaring) {
                return steps;
            }
            steps++;
        }
        return -1;
    }
}
