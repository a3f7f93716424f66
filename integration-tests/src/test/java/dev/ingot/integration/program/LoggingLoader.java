package dev.ingot.integration.program;

import java.io.IOException;
import java.io.InputStream;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * A class loader that looks at its own classes first and logs what it is asked for, as those of web applications do. The JVM asks such a
 * loader for more when it verifies what it has defined.
 */
public final class LoggingLoader {
    private LoggingLoader() {}

    /** What the loader defines by itself. */
    public abstract static class Animal implements Supplier<String> {
        static int asked;
    }

    /** Its superclass and what is thrown are asked for by name. */
    public static final class Dog extends Animal {
        @Override
        public String get() {
            asked++;
            try {
                return barked(new Bark("woof " + asked));
            } catch (Bark bark) {
                return String.valueOf(bark.getMessage());
            }
        }

        private static String barked(Noise noise) throws Bark {
            if (noise instanceof Bark bark) {
                throw bark;
            }
            return "silence";
        }
    }

    /** Of the class path. */
    public abstract static class Noise extends Exception {
        private static final long serialVersionUID = 1;

        Noise(String message) {
            super(message);
        }
    }

    /** Of the class path, too: to see that it is a noise, the verifier loads both. */
    public static final class Bark extends Noise {
        private static final long serialVersionUID = 1;

        public Bark(String message) {
            super(message);
        }
    }

    /** Tells its logger whom it is asked for, and counts how often it defines a class. */
    private static final class Web extends ClassLoader {
        private static final Logger LOGGER = Logger.getLogger(Web.class.getName());
        private static final Set<String> OWN = Set.of(Animal.class.getName(), Dog.class.getName());

        private final Set<String> defined = new TreeSet<>();

        Web(ClassLoader parent) {
            super("web", parent);
        }

        @Override
        public Class<?> loadClass(String name) throws ClassNotFoundException {
            LOGGER.log(Level.FINER, "asked for {0}", name);
            return loadClass(name, false);
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            synchronized (getClassLoadingLock(name)) {
                Class<?> known = findLoadedClass(name);
                return known == null && OWN.contains(name) ? findClass(name) : super.loadClass(name, resolve);
            }
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
                byte[] bytes = in.readAllBytes();
                defined.add(name.substring(name.indexOf('$')));
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }

    public static void main(String[] arguments) throws ReflectiveOperationException {
        Web loader = new Web(LoggingLoader.class.getClassLoader());
        Supplier<?> dog = (Supplier<?>)
                loader.loadClass(Dog.class.getName()).getConstructor().newInstance();
        for (int round = 0; round < Pace.ROUNDS; round++) {
            Pace.say(String.valueOf(dog.get()));
        }
        System.out.println(loader.defined + " " + (dog.getClass() == Dog.class) + " " + Web.LOGGER.getName());
    }
}
