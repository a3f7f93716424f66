package dev.ingot.integration.program;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A class loader that loads a class of its own when it is asked for a resource for the first time. Who weaves may be the first to ask, and the JVM shows
 * what is loaded then to nobody.
 */
public final class AskedLoader {
    /** Where a class file has its version. */
    private static final int VERSION = 7;

    /** Class files of that version do not say what the ways to a place have in common. */
    private static final int JAVA_5 = 49;

    private AskedLoader() {}

    /** What one of two ways leads to. */
    public static class Left implements IntUnaryOperator {
        @Override
        public int applyAsInt(int value) {
            return value + 1;
        }
    }

    /** What the other one leads to. */
    public static final class Right extends Left {
        @Override
        public int applyAsInt(int value) {
            return value * 3 % 1001;
        }
    }

    /** Who weaves this has to know what its two ways have in common. */
    public static final class Ways implements IntUnaryOperator {
        @Override
        public int applyAsInt(int value) {
            return (value % 2 == 0 ? new Left() : new Right()).applyAsInt(Integer.parseInt(String.valueOf(value)));
        }
    }

    /** What the loader needs to answer. */
    public static final class Index implements IntUnaryOperator {
        private int asked;

        @Override
        public int applyAsInt(int value) {
            Pace.step();
            asked += value;
            return asked;
        }
    }

    private static final class Loader extends ClassLoader {
        private @Nullable IntUnaryOperator index;

        Loader(ClassLoader parent) {
            super(parent);
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            // Pace is visible only to classes of its own loader.
            if (!name.startsWith(AskedLoader.class.getName() + '$') && !name.equals(Pace.class.getName())) {
                return super.loadClass(name, resolve);
            }
            Class<?> loaded = findLoadedClass(name);
            if (loaded != null) {
                return loaded;
            }
            try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
                byte[] bytes = in.readAllBytes();
                if (name.equals(Ways.class.getName())) {
                    bytes[VERSION] = JAVA_5;
                }
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException absent) {
                throw new ClassNotFoundException(name, absent);
            }
        }

        @Override
        public InputStream getResourceAsStream(String name) {
            index();
            InputStream found = super.getResourceAsStream(name);
            return found == null ? new ByteArrayInputStream(new byte[0]) : found;
        }

        IntUnaryOperator index() {
            IntUnaryOperator known = index;
            if (known == null) {
                known = make(Index.class.getName());
                index = known;
            }
            return known;
        }

        IntUnaryOperator make(String name) {
            try {
                return (IntUnaryOperator) loadClass(name).getConstructor().newInstance();
            } catch (ReflectiveOperationException unexpected) {
                throw new IllegalStateException(unexpected);
            }
        }
    }

    public static void main(String[] arguments) {
        Loader loader = new Loader(AskedLoader.class.getClassLoader());
        IntUnaryOperator ways = loader.make(Ways.class.getName());
        int value = ways.applyAsInt(1);
        IntUnaryOperator index = loader.index();
        for (int round = 0; round < Pace.ROUNDS; round++) {
            value = ways.applyAsInt(value + index.applyAsInt(round));
            System.out.println(value);
        }
    }
}
