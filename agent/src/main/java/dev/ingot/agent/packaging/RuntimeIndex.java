package dev.ingot.agent.packaging;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.objectweb.asm.ClassReader;

/**
 * The order in which the runtime's classes are defined: supertypes first, because the boot loader looks for them at once and
 * has no jar to find them in. Written when the jar is laid out, so that the start of a program pays nothing for it.
 */
public final class RuntimeIndex {
    private static final String SUFFIX = ".classdata";

    private final Map<String, Path> waiting;
    private final List<String> order = new ArrayList<>();

    private RuntimeIndex(Map<String, Path> waiting) {
        this.waiting = waiting;
    }

    /**
     * Writes the file {@code index} into a directory.
     *
     * @param arguments the directory, and the package, with slashes, whose classes are to be defined at start; others wait
     *     until they are needed
     */
    public static void main(String[] arguments) throws IOException {
        Path root = Path.of(arguments[0]);
        Files.write(root.resolve("index"), orderOf(root, arguments[1]));
    }

    /** The internal names of the classes in {@code scope}, each after those of its supertypes that are there too. */
    static List<String> orderOf(Path root, String scope) throws IOException {
        Map<String, Path> classes = new TreeMap<>();
        try (Stream<Path> files = Files.walk(root.resolve(scope))) {
            files.filter(file -> file.toString().endsWith(SUFFIX))
                    .forEach(file -> classes.put(nameOf(root, file), file));
        }
        RuntimeIndex index = new RuntimeIndex(classes);
        List.copyOf(classes.keySet()).forEach(index::add);
        return index.order;
    }

    private static String nameOf(Path root, Path file) {
        String path = root.relativize(file).toString().replace('\\', '/');
        return path.substring(0, path.length() - SUFFIX.length());
    }

    private void add(String name) {
        Path file = waiting.remove(name);
        if (file == null) {
            return;
        }
        ClassReader reader = read(file);
        add(reader.getSuperName());
        List.of(reader.getInterfaces()).forEach(this::add);
        order.add(name);
    }

    private static ClassReader read(Path file) {
        try {
            return new ClassReader(Files.readAllBytes(file));
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot read " + file, failure);
        }
    }
}
