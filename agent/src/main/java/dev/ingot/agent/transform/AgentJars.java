package dev.ingot.agent.transform;

import dev.ingot.core.image.AgentArgument;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Path;
import java.security.CodeSource;
import java.security.ProtectionDomain;
import java.util.HashSet;
import java.util.Set;
import java.util.jar.JarFile;
import jdk.internal.misc.VM;
import org.jspecify.annotations.Nullable;

/**
 * The jars of the other agents on a command line, whose classes the JVM puts into the application's class loader. Such an agent may
 * change classes while an image is read, so that its own have to be initialised by then. The jar of the program itself is none of them, also
 * where that is an agent too: no initialiser of the program runs twice. Immutable.
 */
final class AgentJars {
    private static final String PREFIX = "-javaagent:";
    private static final String FILE = "file";

    /** Encoded as in URLs, as no file name is decoded in the middle of a class's loading. */
    private final Set<String> paths = new HashSet<>();
    /** Those among them that the program does not have on its class path. */
    private final Set<String> apart = new HashSet<>();

    private boolean any;

    private AgentJars() {}

    static AgentJars ofThisJvm() {
        return among(
                VM.getRuntimeArguments(),
                saved("sun.java.command"),
                saved("java.class.path"),
                Path.of("").toAbsolutePath());
    }

    private static String saved(String property) {
        String value = VM.getSavedProperty(property);
        return value == null ? "" : value;
    }

    /** @param command the main class or jar, with what follows it */
    static AgentJars among(String[] arguments, String command, String classPath, Path workingDirectory) {
        String main = command.split(" ", 2)[0];
        AgentJars jars = new AgentJars();
        for (String argument : arguments) {
            if (argument.startsWith(PREFIX) && AgentArgument.parse(argument, workingDirectory) == null) {
                jars.any = true;
                Path jar = workingDirectory.resolve(
                        argument.substring(PREFIX.length()).split("=", 2)[0]);
                if (!isProgram(jar, main, workingDirectory)) {
                    jars.add(jar, classPath, workingDirectory);
                }
            }
        }
        return jars;
    }

    private static boolean isProgram(Path jar, String main, Path workingDirectory) {
        if (workingDirectory.resolve(main).equals(jar)) {
            return true;
        }
        try (JarFile file = new JarFile(jar.toFile(), false)) {
            return file.getEntry(main.replace('.', '/') + ".class") != null;
        } catch (IOException unreadable) {
            return false;
        }
    }

    private void add(Path jar, String classPath, Path workingDirectory) {
        String path = jar.toUri().getRawPath();
        paths.add(path);
        for (String entry : classPath.split(File.pathSeparator, -1)) {
            if (workingDirectory.resolve(entry).normalize().equals(jar.normalize())) {
                return;
            }
        }
        apart.add(path);
    }

    /** Whether there are other agents at all, the program's own jar included. */
    boolean areThere() {
        return any;
    }

    /** Whether class loaders may come from any that is not on the program's class path. */
    boolean haveLoaders() {
        return !apart.isEmpty();
    }

    /** Whether the classes of {@code domain} come from one of them. */
    boolean contain(@Nullable ProtectionDomain domain) {
        return contains(paths, domain);
    }

    /** Whether they come from one of them that is not on the program's class path, so that nobody but the agent uses them. */
    boolean containApart(@Nullable ProtectionDomain domain) {
        return contains(apart, domain);
    }

    private static boolean contains(Set<String> paths, @Nullable ProtectionDomain domain) {
        CodeSource source = domain == null || paths.isEmpty() ? null : domain.getCodeSource();
        URL location = source == null ? null : source.getLocation();
        return location != null && FILE.equals(location.getProtocol()) && paths.contains(location.getPath());
    }
}
