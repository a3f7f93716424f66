package dev.ingot.core.heap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/** Compiles classes that the class path must not have. */
final class Sources {
    private Sources() {}

    /** The class files, by class name, of one source file. */
    static Map<String, byte[]> compile(Path directory, String className, String source) throws IOException {
        Files.createDirectories(directory);
        Path file = directory.resolve(className + ".java");
        Files.writeString(file, source);
        int result = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        null,
                        "-proc:none",
                        "-d",
                        directory.toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-source",
                        "17",
                        "-target",
                        "17",
                        "-Xlint:-options",
                        file.toString());
        assertThat(result).isZero();
        Map<String, byte[]> classes = new TreeMap<>();
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path each :
                    all.filter(path -> path.toString().endsWith(".class")).toList()) {
                String name = directory.relativize(each).toString();
                classes.put(
                        name.substring(0, name.length() - ".class".length()).replace('/', '.'),
                        Files.readAllBytes(each));
            }
        }
        return classes;
    }
}
