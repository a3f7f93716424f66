package dev.ingot.integration.program;

import java.io.Serializable;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.stream.LongStream;

/** A hash table that is no JDK class and is keyed by classes, whose hash codes are those of their identity. */
public final class OwnTables {
    private OwnTables() {}

    interface Shape extends Serializable, Comparable<Shape> {}

    /** Linear probing; remembers no hash. */
    private static final class Table {
        private final Class<?>[] keys = new Class<?>[256];
        private final String[] values = new String[256];

        void put(Class<?> key, String value) {
            int place = place(key);
            keys[place] = key;
            values[place] = value;
        }

        String get(Class<?> key) {
            return values[place(key)];
        }

        private int place(Class<?> key) {
            int place = key.hashCode() & 255;
            while (keys[place] != null && keys[place] != key) {
                place = (place + 1) & 255;
            }
            return place;
        }
    }

    public static void main(String[] arguments) throws Exception {
        Runnable lambda = () -> Pace.say("ran");
        Function<String, Integer> reference = String::length;
        Object proxy = Proxy.newProxyInstance(
                OwnTables.class.getClassLoader(), new Class<?>[] {Shape.class, Callable.class}, (it, method, all) -> 7);
        List<Class<?>> classes = List.of(
                int.class,
                void.class,
                long.class,
                byte[].class,
                String[][].class,
                Shape[].class,
                Object.class,
                String.class,
                Boolean.class,
                Integer.class,
                Long.class,
                Number.class,
                Character.class,
                Comparable.class,
                Serializable.class,
                CharSequence.class,
                Runnable.class,
                Callable.class,
                Cloneable.class,
                Collection.class,
                List.class,
                ArrayList.class,
                Map.class,
                Map.Entry.class,
                HashMap.class,
                LinkedHashMap.class,
                TreeMap.class,
                BitSet.class,
                Comparator.class,
                Function.class,
                IntPredicate.class,
                LongStream.class,
                Class.class,
                Thread.class,
                ClassLoader.class,
                Override.class,
                Shape.class,
                OwnTables.class,
                Table.class,
                lambda.getClass(),
                reference.getClass(),
                proxy.getClass());
        Table table = new Table();
        for (Class<?> type : classes) {
            table.put(type, "value of " + classes.indexOf(type));
        }
        for (int round = 0; round < Pace.ROUNDS; round++) {
            lambda.run();
            int found = 0;
            for (Class<?> type : classes) {
                String value = table.get(type);
                if (("value of " + classes.indexOf(type)).equals(value)) {
                    found++;
                } else {
                    System.out.println(type + " is lost");
                }
            }
            Pace.say(round + " " + found + " " + reference.apply("four") + ((Callable<?>) proxy).call()
                    + Proxy.isProxyClass(proxy.getClass()));
        }
    }
}
