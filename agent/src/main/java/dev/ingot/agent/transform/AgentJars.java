package dev.ingot.agent.transform;

import dev.ingot.core.image.AgentArgument;
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

    private AgentJars() {}

    static AgentJars ofThisJvm() {
        String command = VM.getSavedProperty("sun.java.command");
        return among(
                VM.getRuntimeArguments(),
                command == null ? "" : command,
                Path.of("").toAbsolutePath());
    }

    /** @param command the main class or jar, with what follows it */
    static AgentJars among(String[] arguments, String command, Path workingDirectory) {
        String main = command.split(" ", 2)[0];
        AgentJars jars = new AgentJars();
        for (String argument : arguments) {
            if (argument.startsWith(PREFIX) && AgentArgument.parse(argument, workingDirectory) == null) {
                Path jar = workingDirectory.resolve(
                        argument.substring(PREFIX.length()).split("=", 2)[0]);
                if (!isProgram(jar, main, workingDirectory)) {
                    jars.paths.add(jar.toUri().getRawPath());
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

    /** Whether the classes of {@code domain} come from one of them. */
    boolean contain(@Nullable ProtectionDomain domain) {
        CodeSource source = domain == null || paths.isEmpty() ? null : domain.getCodeSource();
        URL location = source == null ? null : source.getLocation();
        return location != null && FILE.equals(location.getProtocol()) && paths.contains(location.getPath());
    }
}
