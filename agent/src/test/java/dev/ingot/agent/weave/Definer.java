package dev.ingot.agent.weave;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/** Defines one class anew, from another class file; all others come from the class path. */
final class Definer extends ClassLoader {
    private final String name;
    private final byte[] classFile;

    Definer(Class<?> replaced, byte[] classFile) {
        super(Definer.class.getClassLoader());
        this.name = replaced.getName();
        this.classFile = classFile;
    }

    /** The class file of a class, named {@code a/b/C}, as it lies on the class path or in the JDK. */
    static byte[] classFile(String internalName) throws IOException {
        try (InputStream stream =
                Objects.requireNonNull(ClassLoader.getSystemResourceAsStream(internalName + ".class"))) {
            return stream.readAllBytes();
        }
    }

    static byte[] classFile(Class<?> type) throws IOException {
        return classFile(type.getName().replace('.', '/'));
    }

    @Override
    protected Class<?> loadClass(String asked, boolean resolve) throws ClassNotFoundException {
        return asked.equals(name) ? defineClass(name, classFile, 0, classFile.length) : super.loadClass(asked, resolve);
    }
}
