package dev.ingot.integration.program;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Works on each file as it meets it, while listings of directories are in progress. */
public final class Directories {
    private static final int DIRECTORIES = 5;
    private static final int FILES = 5;

    private Directories() {}

    public static void main(String[] arguments) throws IOException {
        Path tree = plant();
        Set<String> visited = new TreeSet<>();
        Files.walkFileTree(tree, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                meet(visited, file);
                return FileVisitResult.CONTINUE;
            }
        });
        Set<String> walked = new TreeSet<>();
        try (Stream<Path> files = Files.walk(tree)) {
            files.filter(Files::isRegularFile).forEach(file -> meet(walked, file));
        }
        Set<String> listed = new TreeSet<>();
        try (DirectoryStream<Path> listing = Files.newDirectoryStream(tree)) {
            for (Path directory : listing) {
                meet(listed, directory);
            }
        }
        System.out.println(visited + " " + walked.equals(visited) + " " + listed);
    }

    private static Path plant() throws IOException {
        Path tree = Path.of("tree");
        for (int directory = 0; directory < DIRECTORIES; directory++) {
            Path branch = Files.createDirectories(tree.resolve("d" + directory));
            for (int file = 0; file < FILES; file++) {
                Files.writeString(branch.resolve("f" + file), "leaf");
            }
        }
        return tree;
    }

    private static void meet(Set<String> met, Path path) {
        Pace.say(met.add(path.toString()) + " " + met.size());
    }
}
