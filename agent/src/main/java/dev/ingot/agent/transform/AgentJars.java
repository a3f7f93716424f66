package dev.ingot.agent.transform;

import dev.ingot.core.image.AgentArgument;
import java.net.URL;
import java.nio.file.Path;
import java.security.CodeSource;
import java.security.ProtectionDomain;
import java.util.HashSet;
import java.util.Set;
import jdk.internal.misc.VM;
import org.jspecify.annotations.Nullable;

/**
 * The jars of the other agents on a command line, whose classes the JVM puts into the application's class loader. Such an agent may
 * change classes while an image is read, so that its own have to be initialised by then. Immutable.
 */
final class AgentJars {
    private static final String PREFIX = "-javaagent:";
    private static final String FILE = "file";

    /** Encoded as in URLs, as no file name is decoded in the middle of a class's loading. */
    private final Set<String> paths = new HashSet<>();

    private AgentJars() {}

    static AgentJars ofThisJvm() {
        return among(VM.getRuntimeArguments(), Path.of("").toAbsolutePath());
    }

    static AgentJars among(String[] arguments, Path workingDirectory) {
        AgentJars jars = new AgentJars();
        for (String argument : arguments) {
            if (argument.startsWith(PREFIX) && AgentArgument.parse(argument, workingDirectory) == null) {
                String jar = argument.substring(PREFIX.length()).split("=", 2)[0];
                jars.paths.add(workingDirectory.resolve(jar).toUri().getRawPath());
            }
        }
        return jars;
    }

    /** Whether the classes of {@code domain} come from one of them. */
    boolean contain(@Nullable ProtectionDomain domain) {
        CodeSource source = domain == null || paths.isEmpty() ? null : domain.getCodeSource();
        URL location = source == null ? null : source.getLocation();
        return location != null && FILE.equals(location.getProtocol()) && paths.contains(location.getPath());
    }
}
