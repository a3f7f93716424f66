package dev.ingot.integration.program;

import java.io.IOException;
import java.io.InputStream;
import java.util.function.IntUnaryOperator;

/** A class that a loader of the program defines a second time. */
public final class OwnLoader {
    private OwnLoader() {}

    /** Defined twice: by the system's loader and by the program's. */
    public static final class Counted implements IntUnaryOperator {
        private static int count;

        @Override
        public int applyAsInt(int step) {
            count += step;
            return count;
        }
    }

    private static final class Again extends ClassLoader {
        Again(ClassLoader parent) {
            super(parent);
        }

        Class<?> define(String name) throws IOException {
            try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            }
        }
    }

    public static void main(String[] arguments) throws IOException, ReflectiveOperationException {
        Again loader = new Again(OwnLoader.class.getClassLoader());
        Class<?> again = loader.define(Counted.class.getName());
        IntUnaryOperator theirs = (IntUnaryOperator) again.getConstructor().newInstance();
        IntUnaryOperator ours = new Counted();
        for (int round = 0; round < Pace.ROUNDS; round++) {
            Pace.say(ours.applyAsInt(1) + " " + theirs.applyAsInt(10));
        }
        System.out.println((again == Counted.class) + " " + (theirs.getClass().getClassLoader() == loader));
    }
}
