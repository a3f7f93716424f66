package dev.ingot.core.heap;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Compares two graphs object by object: the same classes and values, and two references are the same in one if they are in the other. */
final class Isomorphism {
    private final String where;
    private final Map<Object, Object> copies = new IdentityHashMap<>();
    private final Map<Object, Object> originals = new IdentityHashMap<>();
    private final Deque<Object> waiting = new ArrayDeque<>();

    Isomorphism(String where) {
        this.where = where;
    }

    void requireSame(Object original, Object copy) throws ReflectiveOperationException {
        meet(original, copy);
        while (!waiting.isEmpty()) {
            Object next = waiting.pop();
            compare(next, Objects.requireNonNull(copies.get(next)));
        }
    }

    private void meet(@Nullable Object original, @Nullable Object copy) {
        if (original == null || copy == null) {
            require(original == copy, "one is null");
            return;
        }
        Object known = copies.put(original, copy);
        Object back = originals.put(copy, original);
        require(known == null ? back == null : known == copy && back == original, "shared otherwise: " + original);
        if (known == null) {
            waiting.push(original);
        }
    }

    private void compare(Object original, Object copy) throws ReflectiveOperationException {
        String name = original.getClass().getName();
        require(copy.getClass().getName().equals(name), "a " + name + " became a " + copy.getClass());
        if (original instanceof Object[] array) {
            require(array.length == ((Object[]) copy).length, "length");
            for (int index = 0; index < array.length; index++) {
                meet(array[index], ((Object[]) copy)[index]);
            }
        } else if (original.getClass().isArray()) {
            require(Array.getLength(original) == Array.getLength(copy), "length");
            for (int index = 0; index < Array.getLength(original); index++) {
                require(Array.get(original, index).equals(Array.get(copy, index)), "an element of a " + name);
            }
        } else if (original instanceof String || original instanceof Integer) {
            require(original.equals(copy), original + " became " + copy);
        } else {
            compareFields(original, copy);
        }
    }

    private void compareFields(Object original, Object copy) throws ReflectiveOperationException {
        Class<?> copied = copy.getClass();
        for (Class<?> type = original.getClass(); type != Object.class; type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                Field same = copied.getDeclaredField(field.getName());
                field.setAccessible(true);
                same.setAccessible(true);
                if (field.getType().isPrimitive()) {
                    require(field.get(original).equals(same.get(copy)), field.toString());
                } else {
                    meet(field.get(original), same.get(copy));
                }
            }
            copied = copied.getSuperclass();
        }
    }

    private void require(boolean truth, String what) {
        if (!truth) {
            throw new AssertionError(where + ": " + what);
        }
    }
}
