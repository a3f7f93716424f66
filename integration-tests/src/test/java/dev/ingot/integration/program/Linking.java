package dev.ingot.integration.program;

import java.io.IOException;
import java.io.InputStream;

/** A class loader that calls the very method which the JVM asks it about, as one does that counts or logs. */
public final class Linking {
    private Linking() {}

    /** Defined by the program's loader, which is asked for what it calls. */
    public static final class Worker implements Runnable {
        @Override
        public void run() {
            for (int round = 1; round <= Pace.ROUNDS / 4; round++) {
                Shared.say(Shared.work(round));
            }
        }
    }

    /** Found by the program's loader in its parent. */
    public static final class Shared {
        private Shared() {}

        /** Takes its time unless {@code number} is 0. */
        public static long work(int number) {
            long sum = number;
            for (int step = 0; step < number; step++) {
                if (step < 8) {
                    Pace.step();
                }
                sum = sum * 31 + step;
            }
            return sum;
        }

        public static void say(long sum) {
            Pace.say(sum);
        }
    }

    private static final class Counting extends ClassLoader {
        private long counted;

        Counting(ClassLoader parent) {
            super(parent);
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            counted += Shared.work(0) + 1;
            return name.equals(Worker.class.getName()) ? define(name) : super.loadClass(name, resolve);
        }

        private Class<?> define(String name) throws ClassNotFoundException {
            try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }

    public static void main(String[] arguments) throws ReflectiveOperationException {
        Counting loader = new Counting(Linking.class.getClassLoader());
        Class<?> worker = loader.loadClass(Worker.class.getName());
        ((Runnable) worker.getConstructor().newInstance()).run();
        System.out.println(worker.getClassLoader() == loader && loader.counted > 0);
    }
}
