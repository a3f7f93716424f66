package dev.ingot.agent.checkpoint;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import org.jspecify.annotations.Nullable;

/** The jar that this agent comes from. */
final class AgentJar {
    private AgentJar() {}

    /** Where it lies; null where its classes come from elsewhere, as in tests. */
    static @Nullable Path path() {
        try {
            CodeSource source = AgentJar.class.getProtectionDomain().getCodeSource();
            Path path = source == null ? null : Path.of(source.getLocation().toURI());
            return path != null && Files.isRegularFile(path) ? path : null;
        } catch (URISyntaxException | IllegalArgumentException | FileSystemNotFoundException elsewhere) {
            return null;
        }
    }

    /** The version of Ingot as its manifest gives it. */
    static String version() {
        Path path = path();
        if (path == null) {
            return "unknown";
        }
        try (JarFile jar = new JarFile(path.toFile(), false)) {
            Manifest manifest = jar.getManifest();
            String version =
                    manifest == null ? null : manifest.getMainAttributes().getValue("Implementation-Version");
            return version == null ? "unknown" : version;
        } catch (IOException replacedMeanwhile) {
            return "unknown";
        }
    }
}
