package dev.ingot.core.heap;

import static dev.ingot.core.jvm.Memory.UNSAFE;

import dev.ingot.core.jvm.DeclaredFields;
import java.lang.reflect.Field;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.IntPredicate;

/** Tells how an object is reached from the roots, by going over a stopped walk once more. */
final class PathFinder {
    private static final int LONGEST = 40;
    private static final String ROOT = "the root itself";

    private final ObjectIds ids;
    private final PathNames names;
    private final int[] holders;

    PathFinder(ObjectIds ids, IntPredicate hasData, PathNames names) {
        this.ids = ids;
        this.names = names;
        this.holders = holders(hasData);
    }

    /** The steps to {@code target}, which has an id or was met while the data of object {@code current} was written. */
    String pathTo(Object target, int current) {
        int known = ids.find(target);
        int holder = known > 0 ? holders[known] : current;
        return holder == 0 ? ROOT : path(holder, edge(ids.get(holder), target));
    }

    /** The steps to the object of id {@code holder} and one more. */
    String pathAlong(int holder, String step) {
        return path(holder, step);
    }

    /** The steps to an object of a complete walk. */
    String pathToObject(Object target) {
        int holder = holders[ids.find(target)];
        return holder == 0 ? ROOT : path(holder, edge(ids.get(holder), target));
    }

    private String path(int last, String lastStep) {
        Deque<String> steps = new ArrayDeque<>();
        int total = 0;
        String step = lastStep;
        for (int holder = last; holder > 0; holder = holders[holder]) {
            Object object = ids.get(holder);
            String shown = shown(object, step);
            total++;
            if (!shown.isEmpty() && steps.size() < LONGEST) {
                steps.addFirst(shown);
            }
            step = holders[holder] == 0 ? "" : edge(ids.get(holders[holder]), object);
        }
        return (total > LONGEST ? "(" + (total - LONGEST) + " steps) \u2192 " : "") + String.join(" \u2192 ", steps);
    }

    /**
     * For each id that of the first object found that refers to it. It was found before, since the object whose data led to the id
     * was.
     */
    private int[] holders(IntPredicate hasData) {
        int[] firstHolders = new int[ids.count() + 1];
        int[] places = new int[ids.count() + 1];
        for (int place = 1; place <= ids.visited(); place++) {
            places[ids.idAt(place)] = place;
        }
        for (int place = 1; place <= ids.visited(); place++) {
            int holder = ids.idAt(place);
            if (hasData.test(holder)) {
                for (Object child : children(ids.get(holder))) {
                    int id = ids.find(child);
                    if (id > 0 && places[id] > place && firstHolders[id] == 0) {
                        firstHolders[id] = holder;
                    }
                }
            }
        }
        return firstHolders;
    }

    private static List<Object> children(Object object) {
        List<Object> children = new ArrayList<>();
        if (object instanceof Object[] array) {
            for (Object element : array) {
                if (element != null) {
                    children.add(element);
                }
            }
        } else {
            Object base = base(object);
            for (Field field : fields(object)) {
                Object value = UNSAFE.getReference(base, offset(field));
                if (value != null) {
                    children.add(value);
                }
            }
        }
        return children;
    }

    private String shown(Object holder, String step) {
        String name = names.name(holder, step);
        if (name != null) {
            return name;
        }
        Class<?> type = holder instanceof StaticsOf statics ? statics.type : holder.getClass();
        String typeName = type.isArray() ? type.getComponentType().getTypeName() : type.getTypeName();
        return typeName + (step.startsWith("[") ? step : '.' + step);
    }

    private static String edge(Object holder, Object target) {
        if (holder instanceof Object[] array) {
            for (int index = 0; index < array.length; index++) {
                if (array[index] == target) {
                    return "[" + index + ']';
                }
            }
        } else {
            Object base = base(holder);
            for (Field field : fields(holder)) {
                if (UNSAFE.getReference(base, offset(field)) == target) {
                    return field.getName();
                }
            }
        }
        return "(state)";
    }

    private static Object base(Object object) {
        return object instanceof StaticsOf statics ? statics.type : object;
    }

    /** None, if they cannot be listed: a class loader of the program may be half restored, and a path is only a hint. */
    private static List<Field> fields(Object object) {
        try {
            return referencesOf(object);
        } catch (NoClassDefFoundError | RuntimeException unknown) {
            return List.of();
        }
    }

    private static List<Field> referencesOf(Object object) {
        List<Field> fields = new ArrayList<>();
        if (object instanceof StaticsOf statics) {
            fields.addAll(DeclaredFields.ofClass(statics.type));
        } else {
            for (Class<?> type = object.getClass(); type != null; type = type.getSuperclass()) {
                fields.addAll(DeclaredFields.ofInstances(type));
            }
        }
        fields.removeIf(field -> field.getType().isPrimitive());
        return fields;
    }

    private static long offset(Field field) {
        return java.lang.reflect.Modifier.isStatic(field.getModifiers())
                ? UNSAFE.staticFieldOffset(field)
                : UNSAFE.objectFieldOffset(field);
    }
}
