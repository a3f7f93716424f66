package dev.ingot.integration.program;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/**
 * A thread waits on an object in a call to a class that its own class asks a loader of the program for, and the loader parks
 * whoever asks. A fresh JVM asks again, so there the thread parks before it waits. Says {@code waits}; when the file named by
 * the argument is there, the wait ends.
 */
public final class ParkingLoader {
    private static final int MOMENT_MILLIS = 10;

    private ParkingLoader() {}

    /** Of the system's loader. */
    public static final class Gate {
        private static boolean open;

        private Gate() {}

        /** Waits until the gate is open. */
        public static void pass() {
            synchronized (Gate.class) {
                System.out.println("waits");
                while (!open) {
                    try {
                        Gate.class.wait();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                }
            }
            System.out.println("passed");
        }

        static void open() {
            synchronized (Gate.class) {
                open = true;
                Gate.class.notifyAll();
            }
        }
    }

    /** Of the program's loader. */
    public static final class Waiter implements Runnable {
        @Override
        public void run() {
            Gate.pass();
        }
    }

    private static final class Parking extends ClassLoader {
        Parking(ClassLoader parent) {
            super(parent);
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            LockSupport.parkNanos(1);
            return super.loadClass(name, resolve);
        }

        Class<?> define(Class<?> model) throws IOException {
            String name = model.getName();
            try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            }
        }
    }

    public static void main(String[] arguments) throws Exception {
        Parking loader = new Parking(ParkingLoader.class.getClassLoader());
        Object waiter = loader.define(Waiter.class).getConstructor().newInstance();
        new Thread((Runnable) waiter).start();
        while (!Files.exists(Path.of(arguments[0]))) {
            Thread.sleep(MOMENT_MILLIS);
        }
        Gate.open();
    }
}
