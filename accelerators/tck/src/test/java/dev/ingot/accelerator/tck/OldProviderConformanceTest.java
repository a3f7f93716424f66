package dev.ingot.accelerator.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.accelerator.backend.AcceleratorProvider;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A provider that was compiled with the first version of the interface, whose sources are kept in {@code first}, does all that a
 * provider must with the present one. If this fails, {@link AcceleratorProvider#MAJOR_VERSION} has to grow, or, better, what is new gets a
 * default.
 */
class OldProviderConformanceTest extends BackendConformance {
    private static final String OLD = "dev.ingot.accelerator.old.OldProvider";

    @TempDir
    private static Path directory;

    private static @Nullable URLClassLoader loader;

    @BeforeAll
    static void compile() throws IOException, URISyntaxException {
        Path sources = Path.of(Objects.requireNonNull(OldProviderConformanceTest.class.getResource("first"))
                .toURI());
        Path all = Files.createDirectories(directory.resolve("all"));
        StringWriter words = new StringWriter();
        try (Stream<Path> files = Files.walk(sources);
                var manager = ToolProvider.getSystemJavaCompiler().getStandardFileManager(null, null, null)) {
            List<Path> texts =
                    files.filter(file -> file.toString().endsWith(".java")).toList();
            boolean compiled = ToolProvider.getSystemJavaCompiler()
                    .getTask(
                            words,
                            manager,
                            null,
                            List.of("-d", all.toString(), "--release", "17", "-proc:none", "-implicit:none"),
                            null,
                            manager.getJavaFileObjectsFromPaths(texts))
                    .call();
            assertThat(compiled).as(words.toString()).isTrue();
        }
        // The interface is the present one: of what was compiled only the provider goes there.
        Path place = directory.resolve("old");
        Path provider = Path.of(OLD.replace('.', '/')).getParent();
        Files.createDirectories(place.resolve(provider).getParent());
        Files.move(all.resolve(provider), place.resolve(provider));
        loader = new URLClassLoader(
                new URL[] {place.toUri().toURL()}, OldProviderConformanceTest.class.getClassLoader());
    }

    @AfterAll
    static void close() throws IOException {
        Objects.requireNonNull(loader).close();
    }

    @Override
    protected AcceleratorProvider provider() {
        try {
            return (AcceleratorProvider) Objects.requireNonNull(loader)
                    .loadClass(OLD)
                    .getConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the old provider cannot be made", e);
        }
    }

    /** Were it a later one's, a provider that says nothing would be taken for one of a version that it does not know. */
    @Test
    void whatSaysNoVersionIsOfTheFirst() {
        assertThat(provider().majorVersion()).isOne();
    }
}
