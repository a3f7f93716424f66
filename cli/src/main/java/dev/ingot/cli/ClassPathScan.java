package dev.ingot.cli;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * What a class-path entry, or a jar within it, holds that may keep a program from being checkpointed.
 *
 * @param libraries native libraries in it
 * @param classes those that may do something hazardous
 */
record ClassPathScan(List<String> libraries, Map<Hazard, List<String>> classes) {
    private static final Pattern LIBRARY = Pattern.compile(".*\\.(so|dll|dylib|jnilib)(\\.[0-9.]+)?");
    private static final int SHOWN = 3;

    static ClassPathScan of(Path entry) throws IOException {
        ClassPathScan scan = new ClassPathScan(new ArrayList<>(), new EnumMap<>(Hazard.class));
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
        } else if (name.endsWith(".class")) {
            String className =
                    name.substring(0, name.length() - ".class".length()).replace('/', '.');
            for (Hazard hazard : Hazard.of(content.readAllBytes())) {
                classes.computeIfAbsent(hazard, absent -> new ArrayList<>()).add(className);
            }
        }
    }

    /** One sentence for each thing found. */
    List<String> findings() {
        List<String> findings = new ArrayList<>();
        if (!libraries.isEmpty()) {
            findings.add("holds native libraries: " + some(libraries) + "; " + Hazard.NATIVE_CODE.consequence());
        }
        classes.forEach((hazard, names) ->
                findings.add("has classes that " + hazard.what() + ": " + some(names) + "; " + hazard.consequence()));
        return findings;
    }

    private static String some(List<String> names) {
        String shown = String.join(", ", names.subList(0, Math.min(SHOWN, names.size())));
        return names.size() > SHOWN ? shown + " and " + (names.size() - SHOWN) + " more" : shown;
    }
}
