package dev.ingot.core.heap;

import dev.ingot.core.jvm.Memory;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Objects of given classes, arrays and strings that refer to each other at random. */
final class RandomGraph {
    private static final int LONGEST_ARRAY = 40;

    private List<Class<?>> types;
    private final Random random;
    private final List<Object> objects = new ArrayList<>();

    RandomGraph(List<Class<?>> types, Random random) {
        this.types = types;
        this.random = random;
    }

    /** All objects; each may refer to any of them. */
    Object[] build(int count) throws ReflectiveOperationException {
        for (int index = 0; index < count; index++) {
            objects.add(make());
        }
        for (Object object : objects) {
            if (object instanceof Object[] array) {
                for (int index = 0; index < array.length; index++) {
                    array[index] = anyOf(array.getClass().getComponentType());
                }
            } else if (types.contains(object.getClass())) {
                fill(object);
            }
        }
        return objects.toArray();
    }

    /** Gives some objects other contents, puts new ones in the place of some, and adds some. All objects. */
    Object[] change(int count) throws ReflectiveOperationException {
        for (int change = 0; change < count; change++) {
            int index = random.nextInt(objects.size());
            switch (random.nextInt(4)) {
                case 0 -> objects.set(index, fresh());
                case 1 -> objects.add(fresh());
                default -> changeOne(objects.get(index));
            }
        }
        return objects.toArray();
    }

    /** Goes on with a copy of all objects, which are of {@code copiedTypes}. */
    void goOnWith(Object[] copy, List<Class<?>> copiedTypes) {
        objects.clear();
        objects.addAll(List.of(copy));
        types = copiedTypes;
    }

    private Object fresh() throws ReflectiveOperationException {
        Object object = make();
        if (types.contains(object.getClass())) {
            fill(object);
        }
        return object;
    }

    private void changeOne(Object object) throws ReflectiveOperationException {
        if (object instanceof Object[] array) {
            if (array.length > 0) {
                array[random.nextInt(array.length)] = anyOf(array.getClass().getComponentType());
            }
        } else if (object.getClass().isArray()) {
            if (Array.getLength(object) > 0) {
                Array.setByte(object, random.nextInt(Array.getLength(object)), (byte) random.nextInt());
            }
        } else if (types.contains(object.getClass())) {
            fill(object);
        }
    }

    /** Makes arrays and strings that are written in parts part of the graph. */
    void addLarge() {
        objects.add(filled(new long[100_000 + random.nextInt(100_000)]));
        objects.add(filled(new byte[100_000 + random.nextInt(1_000_000)]));
        Object[] references = new Object[20_000 + random.nextInt(200_000)];
        for (int index = 0; index < references.length; index += 1 + random.nextInt(9)) {
            references[index] = anyOf(Object.class);
        }
        objects.add(references);
        objects.add("long ".repeat(20_000 + random.nextInt(100_000)));
        objects.add("\u4e2d\u6587 ".repeat(20_000 + random.nextInt(100_000)));
    }

    /** Asks a third of the objects for their identity hash codes; 0 for the others. */
    static int[] someHashes(Object[] objects, Random random) {
        int[] hashes = new int[objects.length];
        for (int index = 0; index < hashes.length; index++) {
            if (random.nextInt(3) == 0 && !(objects[index] instanceof Integer)) {
                hashes[index] = System.identityHashCode(objects[index]);
            }
        }
        return hashes;
    }

    private Object make() throws ReflectiveOperationException {
        int length = random.nextInt(LONGEST_ARRAY);
        return switch (random.nextInt(12)) {
            case 0 -> filled(new byte[length]);
            case 1 -> filled(new int[length]);
            case 2 -> filled(new long[length]);
            case 3 -> new Object[length];
            case 4 -> Array.newInstance(anyType(), length);
            case 5 -> "text " + random.nextInt();
            case 6 -> "\u20ac \u4e2d " + random.nextInt();
            case 7 -> random.nextInt(400) - 200;
            default -> Memory.allocate(anyType());
        };
    }

    private Object filled(Object array) {
        for (int index = 0; index < Array.getLength(array); index++) {
            Array.setByte(array, index, (byte) random.nextInt());
        }
        return array;
    }

    private Class<?> anyType() {
        return types.get(random.nextInt(types.size()));
    }

    private @Nullable Object anyOf(Class<?> type) {
        for (int attempt = 0; attempt < 20; attempt++) {
            Object object = objects.get(random.nextInt(objects.size()));
            if (type.isInstance(object)) {
                return object;
            }
        }
        return null;
    }

    private void fill(Object object) throws ReflectiveOperationException {
        for (Class<?> type = object.getClass(); type != Object.class; type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                field.setAccessible(true);
                field.set(object, value(field.getType()));
            }
        }
    }

    private @Nullable Object value(Class<?> type) {
        if (type == boolean.class) {
            return random.nextBoolean();
        } else if (type == byte.class) {
            return (byte) random.nextInt();
        } else if (type == short.class) {
            return (short) random.nextInt();
        } else if (type == char.class) {
            return (char) random.nextInt();
        } else if (type == int.class) {
            return random.nextInt();
        } else if (type == long.class) {
            return random.nextLong();
        } else if (type == float.class) {
            return random.nextFloat();
        } else if (type == double.class) {
            return random.nextDouble();
        }
        return anyOf(type);
    }
}
