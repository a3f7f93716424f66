package dev.ingot.cli;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * What a class-path entry, or a jar within it, has to do with native code.
 *
 * @param libraries native libraries in it
 * @param loaders classes that load one
 */
record ClassPathScan(List<String> libraries, List<String> loaders) {
    private static final Pattern LIBRARY = Pattern.compile(".*\\.(so|dll|dylib|jnilib)(\\.[0-9.]+)?");
    private static final String LOAD = "loadLibrary";
    private static final int SHOWN = 3;

    static ClassPathScan of(Path entry) throws IOException {
        ClassPathScan scan = new ClassPathScan(new ArrayList<>(), new ArrayList<>());
        if (Files.isDirectory(entry)) {
            scan.directory(entry);
        } else {
            try (InputStream in = Files.newInputStream(entry)) {
                scan.archive(in);
            }
        }
        return scan;
    }

    private void directory(Path directory) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(directory)) {
            files = all.filter(Files::isRegularFile).toList();
        }
        for (Path file : files) {
            try (InputStream in = Files.newInputStream(file)) {
                file(directory.relativize(file).toString(), in);
            }
        }
    }

    private void archive(InputStream in) throws IOException {
        ZipInputStream zip = new ZipInputStream(in);
        for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
            file(entry.getName(), zip);
        }
    }

    private void file(String name, InputStream content) throws IOException {
        if (LIBRARY.matcher(name).matches()) {
            libraries.add(name);
        } else if (name.endsWith(".jar")) {
            archive(new ByteArrayInputStream(content.readAllBytes()));
        } else if (name.endsWith(".class") && loadsLibrary(content.readAllBytes())) {
            loaders.add(name.substring(0, name.length() - ".class".length()).replace('/', '.'));
        }
    }

    // A method a class calls by name stands in its constant pool as plain text.
    private static boolean loadsLibrary(byte[] classFile) {
        return new String(classFile, StandardCharsets.ISO_8859_1).contains(LOAD);
    }

    String describe() {
        List<String> parts = new ArrayList<>();
        if (!libraries.isEmpty()) {
            parts.add("holds native libraries " + some(libraries));
        }
        if (!loaders.isEmpty()) {
            parts.add("has classes that may load native libraries: " + some(loaders));
        }
        return String.join(" and ", parts)
                + "; a program that has loaded one is refused unless the agent is told native=allow";
    }

    private static String some(List<String> names) {
        String shown = String.join(", ", names.subList(0, Math.min(SHOWN, names.size())));
        return names.size() > SHOWN ? shown + " and " + (names.size() - SHOWN) + " more" : shown;
    }
}
