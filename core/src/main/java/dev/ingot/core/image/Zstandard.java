package dev.ingot.core.image;

import com.github.luben.zstd.util.Native;
import com.github.luben.zstd.util.ZstdVersion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Whether the native Zstandard library works in this process. It needs a temporary directory that allows executables.
 *
 * <p>The library's own loader leaves its copy of the library behind in a process that ends at once, as a suspended one does.
 * So where a loaded file may be deleted, this class makes the copy, has it loaded and deletes it.
 */
final class Zstandard {
    private static final String PATH_PROPERTY = "ZstdNativePath";

    private static final @Nullable String WHY_UNAVAILABLE = load();

    private Zstandard() {}

    static boolean isAvailable() {
        return WHY_UNAVAILABLE == null;
    }

    static String whyUnavailable() {
        return String.valueOf(WHY_UNAVAILABLE);
    }

    private static @Nullable String load() {
        String resource = "/linux/" + System.getProperty("os.arch") + "/libzstd-jni-" + ZstdVersion.VERSION + ".so";
        boolean linux = "Linux".equals(System.getProperty("os.name"));
        try (InputStream library = linux ? Native.class.getResourceAsStream(resource) : null) {
            if (library == null) {
                Native.load();
            } else {
                loadAndDelete(library);
            }
            return null;
        } catch (LinkageError | IllegalCallerException | IOException missing) {
            return missing.toString();
        }
    }

    private static void loadAndDelete(InputStream library) throws IOException {
        Path file = Path.of(
                System.getProperty("java.io.tmpdir", "/tmp"),
                "ingot-zstd-" + ProcessHandle.current().pid() + "-" + System.nanoTime() + ".so");
        Files.copy(library, file);
        String before = System.getProperty(PATH_PROPERTY);
        System.setProperty(PATH_PROPERTY, file.toAbsolutePath().toString());
        try {
            // Not System.load: a native library belongs to the class that loads it, and so does the leave to do so.
            Native.load();
        } finally {
            restore(before);
            Files.delete(file);
        }
    }

    private static void restore(@Nullable String before) {
        if (before == null) {
            System.clearProperty(PATH_PROPERTY);
        } else {
            System.setProperty(PATH_PROPERTY, before);
        }
    }
}
