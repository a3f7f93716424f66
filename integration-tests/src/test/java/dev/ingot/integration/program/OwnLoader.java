package dev.ingot.integration.program;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.util.function.IntUnaryOperator;

/** A class that a loader of the program defines a second time, and one that is made up and defined beside those of the class path. */
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

    /** The class file of {@link Counted} under another name, which is as long. */
    private static byte[] generated() throws IOException {
        String name = Counted.class.getName().replace('.', '/');
        try (InputStream in = ClassLoader.getSystemResourceAsStream(name + ".class")) {
            return new String(in.readAllBytes(), ISO_8859_1)
                    .replace("$Counted", "$Made_up")
                    .getBytes(ISO_8859_1);
        }
    }

    public static void main(String[] arguments) throws IOException, ReflectiveOperationException {
        Again loader = new Again(OwnLoader.class.getClassLoader());
        Class<?> again = loader.define(Counted.class.getName());
        IntUnaryOperator theirs = (IntUnaryOperator) again.getConstructor().newInstance();
        IntUnaryOperator ours = new Counted();
        IntUnaryOperator generated = (IntUnaryOperator)
                MethodHandles.lookup().defineClass(generated()).getConstructor().newInstance();
        for (int round = 0; round < Pace.ROUNDS; round++) {
            Pace.say(ours.applyAsInt(1) + " " + theirs.applyAsInt(10) + " " + generated.applyAsInt(100));
        }
        System.out.println((again == Counted.class) + " " + (theirs.getClass().getClassLoader() == loader));
    }
}
