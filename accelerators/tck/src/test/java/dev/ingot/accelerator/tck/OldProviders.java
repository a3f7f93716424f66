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

/** Providers that are compiled with the first version of what they need of the interface, whose sources are kept in {@code first}. */
final class OldProviders implements AutoCloseable {
    private static final String PACKAGE = "dev.ingot.accelerator.old";

    private final URLClassLoader loader;

    private OldProviders(URLClassLoader loader) {
        this.loader = loader;
    }

    /** Compiles them; {@code directory} is for what comes out. */
    static OldProviders compile(Path directory) throws IOException, URISyntaxException {
        Path sources = Path.of(
                Objects.requireNonNull(OldProviders.class.getResource("first")).toURI());
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
        // The interface is the present one: of what was compiled only the providers go there.
        Path place = directory.resolve("old");
        Path providers = Path.of(PACKAGE.replace('.', '/'));
        Files.createDirectories(place.resolve(providers).getParent());
        Files.move(all.resolve(providers), place.resolve(providers));
        return new OldProviders(
                new URLClassLoader(new URL[] {place.toUri().toURL()}, OldProviders.class.getClassLoader()));
    }

    AcceleratorProvider provider(String name) {
        try {
            return (AcceleratorProvider)
                    loader.loadClass(PACKAGE + "." + name).getConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the old provider cannot be made", e);
        }
    }

    @Override
    public void close() throws IOException {
        loader.close();
    }
}
