package dev.ingot.accelerator.host;

import java.io.File;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.StringTokenizer;
import org.jspecify.annotations.Nullable;

/** The class path of a device host: all that the class loader of a provider sees. */
final class HostClassPath {

    private HostClassPath() {}

    static String of(@Nullable ClassLoader loader) {
        Set<String> entries = new LinkedHashSet<>();
        for (ClassLoader each = loader; each != null; each = each.getParent()) {
            if (each instanceof URLClassLoader urls) {
                for (URL url : urls.getURLs()) {
                    addFile(url, entries);
                }
            }
        }
        addAll(System.getProperty("java.class.path", ""), entries);
        addAll(System.getProperty("jdk.module.path", ""), entries);
        return String.join(File.pathSeparator, entries);
    }

    private static void addFile(URL url, Set<String> entries) {
        try {
            URI uri = url.toURI();
            if ("file".equals(uri.getScheme())) {
                entries.add(Path.of(uri).toString());
            }
        } catch (URISyntaxException notAFile) {
            // Another JVM cannot read it either.
        }
    }

    private static void addAll(String path, Set<String> entries) {
        StringTokenizer tokens = new StringTokenizer(path, File.pathSeparator);
        while (tokens.hasMoreTokens()) {
            entries.add(Path.of(tokens.nextToken()).toAbsolutePath().toString());
        }
    }
}
