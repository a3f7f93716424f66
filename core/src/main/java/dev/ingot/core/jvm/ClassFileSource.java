package dev.ingot.core.jvm;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** Where the class file of a class can be read again. */
@FunctionalInterface
public interface ClassFileSource {
    /** Asks the class's loader for the resource. */
    ClassFileSource LOADER = ClassFileSource::fromLoader;

    /** The class file of {@code type}, or null if it is nowhere to be had. */
    byte @Nullable [] find(Class<?> type);

    private static byte @Nullable [] fromLoader(Class<?> type) {
        String path = type.getName().replace('.', '/') + ".class";
        ClassLoader loader = type.getClassLoader();
        try (InputStream in =
                loader == null ? ClassLoader.getSystemResourceAsStream(path) : loader.getResourceAsStream(path)) {
            return in == null ? null : in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the class file of " + type.getName(), e);
        }
    }
}
