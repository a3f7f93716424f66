package dev.ingot.agent;

import dev.ingot.core.image.AgentArgument;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import jdk.internal.misc.VM;

/**
 * Agents behind Ingot's on the command line that change classes after it. The JVM calls transformers that can retransform in
 * the order of their agents, so such an agent moves the code whose places Ingot has noted.
 */
final class LaterAgents {
    private static final String PREFIX = "-javaagent:";

    private LaterAgents() {}

    /** The jars of those agents, as this JVM's command line names them. */
    static List<String> ofThisJvm() {
        return among(VM.getRuntimeArguments(), Path.of("").toAbsolutePath());
    }

    static List<String> among(String[] arguments, Path workingDirectory) {
        List<String> later = new ArrayList<>();
        boolean behind = false;
        for (String argument : arguments) {
            if (!argument.startsWith(PREFIX)) {
                continue;
            }
            String jar = argument.substring(PREFIX.length()).split("=", 2)[0];
            if (AgentArgument.parse(argument, workingDirectory) != null) {
                behind = true;
            } else if (behind && retransforms(workingDirectory.resolve(jar))) {
                later.add(jar);
            }
        }
        return later;
    }

    private static boolean retransforms(Path jar) {
        try (JarFile file = new JarFile(jar.toFile(), false)) {
            Manifest manifest = file.getManifest();
            return manifest != null
                    && "true".equals(manifest.getMainAttributes().getValue("Can-Retransform-Classes"));
        } catch (IOException unreadable) {
            // The JVM will refuse to start with it.
            return false;
        }
    }
}
