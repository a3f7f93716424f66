package dev.ingot.accelerator.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import dev.ingot.accelerator.DeviceFault;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The engine in this process. Its libraries are taken out of their jar once and kept, because a device host is started for each device
 * and to unpack them takes longer than all else. Thread-safe.
 */
final class Engine {
    /** Without it the library tells its maker what it is used for, and how. */
    static final Map<String, String> ENVIRONMENT = Map.of("ORT_DISABLE_TELEMETRY", "1");

    private static final List<String> LIBRARIES = List.of("libonnxruntime.so", "libonnxruntime4j_jni.so");
    private static final String WHERE = "onnxruntime.native.path";
    /** Of directories that the library makes for what it unpacks, and leaves behind. */
    private static final String SCRATCH = "onnxruntime-java*";

    private static @Nullable OrtEnvironment environment;

    private Engine() {}

    /**
     * The library, loaded.
     *
     * @throws DeviceFault if there is none for this machine
     * @throws LinkageError if it cannot be loaded
     */
    static synchronized OrtEnvironment environment() throws DeviceFault {
        OrtEnvironment present = environment;
        if (present == null) {
            present = load();
            environment = present;
        }
        return present;
    }

    private static OrtEnvironment load() throws DeviceFault {
        ENVIRONMENT.forEach((name, value) -> {
            if (!value.equals(System.getenv(name))) {
                throw new IllegalStateException("ONNX Runtime is loaded only where " + name + " is " + value);
            }
        });
        try {
            Path scratch = Path.of(System.getProperty("java.io.tmpdir"));
            Set<Path> before = list(scratch);
            System.setProperty(WHERE, libraries().toString());
            OrtEnvironment loaded = OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, "ingot");
            loaded.setTelemetry(false);
            removeEmpty(scratch, before);
            return loaded;
        } catch (IOException | OrtException failed) {
            throw new DeviceFault(
                    DeviceFault.Code.LOST,
                    DeviceFault.Scope.PROVIDER,
                    false,
                    "cannot load ONNX Runtime: " + failed.getMessage(),
                    Map.of(),
                    failed);
        }
    }

    private static Set<Path> list(Path scratch) throws IOException {
        Set<Path> found = new HashSet<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(scratch, SCRATCH)) {
            all.forEach(found::add);
        }
        return found;
    }

    private static void removeEmpty(Path scratch, Set<Path> before) throws IOException {
        Set<Path> made = list(scratch);
        made.removeAll(before);
        for (Path each : made) {
            try {
                Files.deleteIfExists(each);
            } catch (DirectoryNotEmptyException ofAnother) {
                // Somebody else unpacks into it.
            }
        }
    }

    // ---- libraries

    private static Path libraries() throws IOException {
        String platform = "linux-" + architecture();
        StringBuilder name = new StringBuilder(platform);
        for (String library : LIBRARIES) {
            name.append('-').append(checksum(resource(platform, library)));
        }
        Path directory = root().resolve(name.toString());
        Files.createDirectories(directory);
        for (String library : LIBRARIES) {
            if (!Files.exists(directory.resolve(library))) {
                unpack(resource(platform, library), directory.resolve(library));
            }
        }
        return directory;
    }

    private static String architecture() {
        String architecture = System.getProperty("os.arch", "unknown");
        return architecture.equals("amd64") ? "x64" : architecture;
    }

    private static Path root() {
        String own = System.getenv("INGOT_ONNXRUNTIME");
        if (own != null) {
            return Path.of(own);
        }
        String cache = System.getenv("XDG_CACHE_HOME");
        return (cache == null || cache.isEmpty() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(cache))
                .resolve("ingot")
                .resolve("onnxruntime");
    }

    private static URLConnection resource(String platform, String library) throws IOException {
        URL url = OrtEnvironment.class.getResource("/ai/onnxruntime/native/" + platform + "/" + library);
        if (url == null) {
            throw new IOException("there is no " + library + " for " + platform + " in its jar");
        }
        return url.openConnection();
    }

    /** Tells one version from another. */
    private static String checksum(URLConnection resource) throws IOException {
        return Long.toHexString(
                resource instanceof JarURLConnection jar ? jar.getJarEntry().getCrc() : resource.getLastModified());
    }

    private static void unpack(URLConnection resource, Path library) throws IOException {
        Path part =
                Files.createTempFile(library.getParent(), library.getFileName().toString(), null);
        try (InputStream in = resource.getInputStream()) {
            Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
            Files.move(part, library, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(part);
        }
    }
}
