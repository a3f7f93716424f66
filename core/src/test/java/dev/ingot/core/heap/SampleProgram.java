package dev.ingot.core.heap;

import java.io.BufferedInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Writes its state to a file in one JVM, and reads and checks it in another: {@code write FILE} or {@code read FILE}. */
final class SampleProgram {
    private static final List<Class<?>> STATICS = List.of(State.class, Planet.class);

    private SampleProgram() {}

    public static void main(String[] arguments) throws Exception {
        Path file = Path.of(arguments[1]);
        if (arguments[0].equals("write")) {
            State.fill();
            State.check();
            write(file);
        } else {
            read(file);
            State.check();
        }
        System.out.print("done");
    }

    private static void write(Path file) throws Exception {
        ExternalObjects externals = ExternalObjects.ofThisJvm();
        externals.refresh(Jdk.loadedClasses());
        try (OutputStream out = Files.newOutputStream(file)) {
            HeapWriter.write(
                    new HeapRoots("root", STATICS),
                    new ClassPathClasses(),
                    externals,
                    ObjectCodecs.NONE,
                    PathNames.PLAIN,
                    out);
        }
    }

    private static void read(Path file) throws Exception {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            HeapReader reader = HeapReader.open(in, Files.size(file));
            require(reader.initializedClasses().contains(new InitializedClass("app", State.class.getName())), "names");
            RestoredHeap heap =
                    reader.read(ExternalObjects.ofThisJvm(), ObjectCodecs.NONE, new AnyClass(), PathNames.PLAIN);
            require(heap.root().equals("root"), "root");
        }
    }

    private static void require(boolean truth, String what) {
        if (!truth) {
            throw new AssertionError(what + " is not as it was");
        }
    }

    @SuppressWarnings("ImmutableEnumChecker") // That constants keep their state is what is tested.
    enum Planet {
        EARTH {
            @Override
            String word() {
                return "home";
            }
        },
        MARS;

        int visits;

        String word() {
            return "away";
        }
    }

    record Trip(Planet to, @Nullable Trip after) {}

    static final class State {
        static final Map<Object, String> BY_OBJECT = new HashMap<>();
        static final Map<Object, String> BY_IDENTITY = new IdentityHashMap<>();
        static final Map<Class<?>, String> BY_CLASS = new HashMap<>();
        static final Map<Class<?>, String> BY_CLASS_IDENTITY = new IdentityHashMap<>();
        static final Map<Planet, Trip> BY_ENUM = new EnumMap<>(Planet.class);
        static final Map<Planet, String> BY_ENUM_HASH = new ConcurrentHashMap<>();
        static final Map<Object, String> WEAK = new WeakHashMap<>();
        static final Map<TimeUnit, String> BY_UNIT = new HashMap<>();
        static final List<Object> MIXED = new ArrayList<>();
        static Object[] keys = {};
        static String literal = "";

        private State() {}

        static void fill() {
            keys = new Object[1000];
            for (int index = 0; index < keys.length; index++) {
                keys[index] = new Object();
                BY_OBJECT.put(keys[index], "object " + index);
                BY_IDENTITY.put(keys[index], "identity " + index);
                WEAK.put(keys[index], "weak " + index);
            }
            for (Class<?> type : types()) {
                BY_CLASS.put(type, type.getName());
                BY_CLASS_IDENTITY.put(type, type.getName());
            }
            Planet.MARS.visits = 3;
            Trip first = new Trip(Planet.EARTH, null);
            BY_ENUM.put(Planet.MARS, new Trip(Planet.MARS, first));
            BY_ENUM.put(Planet.EARTH, first);
            BY_ENUM_HASH.put(Planet.MARS, "red");
            BY_UNIT.put(TimeUnit.HOURS, "hours");
            literal = "the literal";
            fillMixed();
        }

        @SuppressWarnings("UnnecessaryStringBuilder") // The builder itself goes into the image.
        private static void fillMixed() {
            MIXED.add(new TreeMap<>(Map.of("b", 2, "a", 1)));
            MIXED.add(new ArrayDeque<>(List.of("x", "y")));
            MIXED.add(new LinkedHashMap<>(Map.of("k", List.of(1, 2, 3))));
            MIXED.add(new AtomicLong(77));
            MIXED.add(new ReentrantLock());
            MIXED.add(Collections.emptyList());
            MIXED.add(new StringBuilder("\u20ac 5"));
            MIXED.add(new int[][] {{1}, {2, 3}});
        }

        static void check() {
            for (int index = 0; index < 1000; index++) {
                require(("object " + index).equals(BY_OBJECT.get(keys[index])), "HashMap by object");
                require(("identity " + index).equals(BY_IDENTITY.get(keys[index])), "IdentityHashMap");
                require(("weak " + index).equals(WEAK.get(keys[index])), "WeakHashMap");
            }
            for (Class<?> type : types()) {
                require(type.getName().equals(BY_CLASS.get(type)), "HashMap by class " + type);
                require(type.getName().equals(BY_CLASS_IDENTITY.get(type)), "IdentityHashMap by class " + type);
            }
            require(Planet.MARS.visits == 3 && Planet.EARTH.word().equals("home"), "enum");
            require(
                    Planet.valueOf("MARS") == Planet.MARS
                            && List.of(Planet.values()).indexOf(Planet.EARTH) == 0,
                    "enum constants");
            Trip trip = BY_ENUM.get(Planet.MARS);
            require(trip != null && trip.to() == Planet.MARS && trip.after() == BY_ENUM.get(Planet.EARTH), "records");
            require("red".equals(BY_ENUM_HASH.get(Planet.MARS)), "ConcurrentHashMap by enum");
            require("hours".equals(BY_UNIT.get(TimeUnit.HOURS)), "HashMap by enum of the JDK");
            require(isSame(literal, "the literal"), "literal");
            checkMixed();
        }

        @SuppressWarnings("ReferenceEquality") // Which object it is, is the question.
        private static boolean isSame(String one, String other) {
            return one == other;
        }

        @SuppressWarnings("LockNotBeforeTry") // That both work is all that is asked of the lock.
        private static void checkMixed() {
            require(MIXED.get(0).toString().equals("{a=1, b=2}"), "TreeMap");
            require(MIXED.get(1).toString().equals("[x, y]"), "ArrayDeque");
            require(MIXED.get(2).toString().equals("{k=[1, 2, 3]}"), "LinkedHashMap");
            require(((AtomicLong) MIXED.get(3)).incrementAndGet() == 78, "AtomicLong");
            ReentrantLock lock = (ReentrantLock) MIXED.get(4);
            lock.lock();
            lock.unlock();
            require(MIXED.get(5) == Collections.emptyList(), "empty list");
            require(MIXED.get(6).toString().equals("\u20ac 5"), "StringBuilder");
            require(((int[][]) MIXED.get(7))[1][1] == 3, "nested arrays");
            ((AtomicLong) MIXED.get(3)).decrementAndGet();
        }

        private static List<Class<?>> types() {
            return List.of(
                    String.class,
                    int.class,
                    Object.class,
                    Object[].class,
                    Planet.class,
                    Trip.class,
                    Map.class,
                    Integer.class,
                    TimeUnit.class,
                    Runnable.class);
        }
    }
}
