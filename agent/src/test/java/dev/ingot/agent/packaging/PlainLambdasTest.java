package dev.ingot.agent.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlainLambdasTest {
    private static final String PACKAGE = "dev/ingot/agent/packaging/";
    private static final String CLASS = ".class";
    private static final String SUFFIX = ".classdata";

    @TempDir
    private Path root;

    @BeforeEach
    void copyClasses() throws Exception {
        Path compiled = Path.of(Objects.requireNonNull(ManyLambdas.class.getResource("ManyLambdas.class"))
                        .toURI())
                .getParent();
        Files.createDirectories(root.resolve(PACKAGE));
        try (Stream<Path> files = Files.list(compiled)) {
            for (Path file : files.filter(each -> each.getFileName().toString().startsWith("ManyLambdas"))
                    .toList()) {
                String name = file.getFileName().toString();
                Files.copy(file, root.resolve(PACKAGE + name.substring(0, name.length() - CLASS.length()) + SUFFIX));
            }
        }
    }

    @Test
    void classesDoWhatTheLambdasDid() throws Exception {
        long before = count();

        PlainLambdas.main(new String[] {root.toString(), PACKAGE});

        assertThat(count() - before).isGreaterThan(10);
        Constructor<?> constructor =
                new Classes().loadClass(ManyLambdas.class.getName()).getDeclaredConstructor();
        constructor.setAccessible(true);
        Supplier<?> plain = (Supplier<?>) constructor.newInstance();
        assertThat(plain.getClass()).isNotSameAs(ManyLambdas.class);
        assertThat(plain.get()).isEqualTo(new ManyLambdas().get());
    }

    private long count() throws IOException {
        try (Stream<Path> files = Files.list(root.resolve(PACKAGE))) {
            return files.count();
        }
    }

    private final class Classes extends ClassLoader {
        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            Path file = root.resolve(name.replace('.', '/') + SUFFIX);
            if (!Files.exists(file)) {
                return super.loadClass(name, resolve);
            }
            Class<?> known = findLoadedClass(name);
            return known != null ? known : define(name, file);
        }

        private Class<?> define(String name, Path file) throws ClassNotFoundException {
            try {
                byte[] bytes = Files.readAllBytes(file);
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException failure) {
                throw new ClassNotFoundException(name, failure);
            }
        }
    }
}
