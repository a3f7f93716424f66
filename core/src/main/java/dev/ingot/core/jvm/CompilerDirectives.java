package dev.ingot.core.jvm;

import static dev.ingot.core.jvm.Memory.UNSAFE;

import java.io.IOException;
import java.lang.invoke.MethodType;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Directives for HotSpot's compilers, given to the running JVM by itself as {@code jcmd PID Compiler.directives_add FILE} gives
 * them to another. Thread-safe.
 */
public final class CompilerDirectives {
    private static final String COMMANDS = "com.sun.management.internal.DiagnosticCommandImpl";
    /** Loads the library that {@link #COMMANDS} is a part of. */
    private static final String PROVIDER = "com.sun.management.internal.PlatformMBeanProviderImpl";

    private CompilerDirectives() {}

    /**
     * Adds directives, before those the JVM has already.
     *
     * @param directives as JSON
     * @throws UnsupportedOperationException if this JVM takes no directives from within: it has no module {@code jdk.management}, for
     *     one
     * @throws IllegalArgumentException if the JVM refuses them, with its reason
     * @throws IOException if there is no place for the temporary file that the JVM is to read them from
     */
    public static void add(String directives) throws IOException {
        Path file = Files.createTempFile("ingot-directives", ".json");
        try {
            Files.writeString(file, directives);
            add(file);
        } finally {
            Files.delete(file);
        }
    }

    /** @param file its path must have no quotes in it. It is read before this returns */
    private static void add(Path file) {
        String answer;
        try {
            ClassLoader platform = ClassLoader.getPlatformClassLoader();
            Class.forName(PROVIDER, true, platform);
            Class<?> commands = Class.forName(COMMANDS, true, platform);
            answer = (String) TrustedLookup.in(commands)
                    .findSpecial(
                            commands,
                            "executeDiagnosticCommand",
                            MethodType.methodType(String.class, String.class),
                            commands)
                    .invoke(UNSAFE.allocateInstance(commands), "Compiler.directives_add \"" + file + '"');
        } catch (ReflectiveOperationException | LinkageError absent) {
            throw new UnsupportedOperationException("this JVM takes no directives for its compilers", absent);
        } catch (Throwable failure) {
            throw TrustedLookup.failed("give the JVM directives for its compilers", failure);
        }
        if (!answer.contains("added")) {
            throw new IllegalArgumentException(answer.strip());
        }
    }
}
