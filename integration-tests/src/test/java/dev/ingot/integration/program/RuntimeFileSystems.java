package dev.ingot.integration.program;

import java.io.IOException;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;

/** Reads the classes of the JDK through its own file systems, and through one whose classes a loader of its own defines. */
public final class RuntimeFileSystems {
    private static final URI ROOT = URI.create("jrt:/");

    private RuntimeFileSystems() {}

    public static void main(String[] arguments) throws IOException {
        FileSystem shared = FileSystems.getFileSystem(ROOT);
        List<FileSystem> systems = List.of(
                shared,
                FileSystems.newFileSystem(ROOT, Map.of()),
                FileSystems.newFileSystem(ROOT, Map.of("java.home", System.getProperty("java.home"))));
        Path kept = shared.getPath("/modules/java.base/java/lang/String.class");
        // As a compiler does, of a file, a directory and a link.
        List<BasicFileAttributes> attributes = List.of(
                attributesOf(kept),
                attributesOf(shared.getPath("/modules/java.base/java/util")),
                attributesOf(shared.getPath("/packages/java.util/java.base")));
        for (int round = 0; round < Pace.ROUNDS / 2; round++) {
            for (FileSystem system : systems) {
                Pace.say(round + " " + entries(system) + " " + Files.size(kept) + " " + system.isOpen());
            }
        }
        for (BasicFileAttributes known : attributes) {
            System.out.println(known.size() + " " + known.isDirectory() + " " + known.lastModifiedTime());
        }
        System.out.println(attributes.get(0).fileKey() == attributesOf(kept).fileKey());
        System.out.println(shared == FileSystems.getFileSystem(ROOT));
    }

    private static BasicFileAttributes attributesOf(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class);
    }

    private static int entries(FileSystem system) throws IOException {
        int count = 0;
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(system.getPath("/modules/java.base/java/util"))) {
            for (Path entry : entries) {
                count += Files.isDirectory(entry) ? 1000 : 1;
            }
        }
        return count;
    }
}
