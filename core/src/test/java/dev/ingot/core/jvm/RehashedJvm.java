package dev.ingot.core.jvm;

import static dev.ingot.core.jvm.Memory.UNSAFE;

import java.lang.instrument.Instrumentation;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

/**
 * Gives all its loaded classes other identity hash codes and looks through all objects that can be reached from static fields for hash
 * tables whose entries can no longer be found. Its own agent, since only an agent is told which classes are loaded.
 */
public final class RehashedJvm {
    private static final Map<Class<?>, List<Field>> FIELDS = new HashMap<>();

    private static final Map<Object, String> PATHS = new IdentityHashMap<>();

    @SuppressWarnings("NullAway.Init") // Given before main is called.
    private static Instrumentation instrumentation;

    private RehashedJvm() {}

    public static void premain(String options, Instrumentation given) {
        instrumentation = given;
    }

    public static void main(String[] arguments) throws Throwable {
        Object before = Proxy.newProxyInstance(
                RehashedJvm.class.getClassLoader(), new Class<?>[] {Runnable.class}, (it, method, all) -> null);
        MethodType type = MethodType.methodType(Map.class, List.class, Runnable.class);
        List<Object> inOrder = tables().stream().filter(RehashedJvm::isInOrder).toList();
        List<Class<?>> classes = Arrays.<Class<?>>stream(instrumentation.getAllLoadedClasses())
                // What this test itself is keyed by.
                .filter(loaded -> loaded.getClassLoader() != RehashedJvm.class.getClassLoader())
                .toList();
        int[] hashes = new int[classes.size()];
        for (int index = 0; index < hashes.length; index++) {
            hashes[index] = System.identityHashCode(classes.get(index)) ^ 0x55aa5;
        }
        FIELDS.clear();
        MethodTypesAsked asked = new MethodTypesAsked();
        asked.begin();

        List<Class<?>> kept = ClassHashes.give(classes, hashes);

        asked.end();
        require(kept.isEmpty(), "kept: " + kept);
        for (int index = 0; index < hashes.length; index++) {
            require(classes.get(index).hashCode() == hashes[index], classes.get(index) + " has another hash code");
        }
        List<String> lost = inOrder.stream()
                .filter(table -> !isInOrder(table))
                .map(table -> PATHS.get(table) + ": " + table)
                .toList();
        require(
                lost.isEmpty(),
                "entries were lost in" + System.lineSeparator() + String.join(System.lineSeparator(), lost));
        require(
                MethodType.methodType(Map.class, List.class, Runnable.class) == type,
                "method types are no longer unique");
        require(
                MethodHandles.lookup()
                                .findStatic(Map.class, "copyOf", MethodType.methodType(Map.class, Map.class))
                                .invoke(Map.of())
                        instanceof Map,
                "cannot call");
        require(Proxy.isProxyClass(before.getClass()), "a proxy is none");
        System.out.print("looked at " + (inOrder.size() > 100 ? "many" : "few"));
    }

    /** Asks for method types all the time, as whoever links a call does. */
    private static final class MethodTypesAsked extends Thread {
        private static final Class<?>[] PARTS = {Map.class, List.class, int.class, byte[].class, Object.class};

        private final CountDownLatch begun = new CountDownLatch(1);

        private volatile boolean ended;
        private volatile boolean unique = true;

        void begin() throws InterruptedException {
            start();
            begun.await();
        }

        @Override
        public void run() {
            List<MethodType> types = types();
            while (!ended) {
                List<MethodType> asked = types();
                boolean same = true;
                for (int index = 0; index < types.size(); index++) {
                    same &= asked.get(index) == types.get(index);
                }
                unique &= same;
                begun.countDown();
            }
        }

        private static List<MethodType> types() {
            List<MethodType> types = new ArrayList<>();
            for (Class<?> result : PARTS) {
                for (Class<?> first : PARTS) {
                    for (Class<?> second : PARTS) {
                        types.add(MethodType.methodType(result, first, second));
                    }
                }
            }
            return types;
        }

        void end() throws InterruptedException {
            ended = true;
            join();
            require(unique, "method types were not unique for a while");
        }
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new AssertionError(otherwise);
        }
    }

    private static boolean isInOrder(Object table) {
        try {
            Collection<?> keys = table instanceof Map<?, ?> map ? map.keySet() : (Collection<?>) table;
            for (Object key : keys.toArray()) {
                if (!(table instanceof Map<?, ?> map ? map.containsKey(key) : keys.contains(key))) {
                    return false;
                }
            }
            return true;
        } catch (RuntimeException notASimpleTable) {
            return false;
        }
    }

    /** All maps and sets of the JDK. */
    private static List<Object> tables() {
        List<Object> tables = new ArrayList<>();
        Deque<Object> open = new ArrayDeque<>();
        for (Class<?> type : instrumentation.getAllLoadedClasses()) {
            if (!type.isArray() && !type.isPrimitive() && type != RehashedJvm.class) {
                for (Field field : DeclaredFields.ofClass(type)) {
                    meet(type.getName(), field, UNSAFE.staticFieldBase(field), UNSAFE.staticFieldOffset(field), open);
                }
            }
        }
        while (!open.isEmpty()) {
            Object object = open.pop();
            String path = Objects.requireNonNull(PATHS.get(object));
            if ((object instanceof Map || object instanceof Set)
                    && object.getClass().getClassLoader() == null) {
                tables.add(object);
            }
            if (object instanceof Object[] array) {
                for (int index = 0; index < array.length; index++) {
                    meet(path + "[]", Array.get(array, index), open);
                }
            }
            for (Class<?> type = object.getClass(); type != null && !type.isArray(); type = type.getSuperclass()) {
                for (Field field : FIELDS.computeIfAbsent(type, DeclaredFields::ofInstances)) {
                    meet(path, field, object, UNSAFE.objectFieldOffset(field), open);
                }
            }
        }
        return tables;
    }

    private static void meet(String path, Field field, Object base, long offset, Deque<Object> open) {
        if (!field.getType().isPrimitive()) {
            meet(path + '.' + field.getName(), UNSAFE.getReference(base, offset), open);
        }
    }

    private static void meet(String path, Object object, Deque<Object> open) {
        if (object != null && !(object instanceof Class) && PATHS.putIfAbsent(object, path) == null) {
            open.addLast(object);
        }
    }
}
