package dev.ingot.core.crac;

import dev.ingot.runtime.Control;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.IntUnaryOperator;

/** A program with one version of org.crac and a runtime of its own, as in a JVM of its own. */
final class CracWorld implements AutoCloseable {
    private final URLClassLoader loader;
    private final Class<?> program;

    private CracWorld(URLClassLoader loader, Class<?> program) {
        this.loader = loader;
        this.program = program;
    }

    /** Class path of the program: the library, the runtime with {@code jdk.crac}, and the classes of this module's tests. */
    static CracWorld of(String version) throws IOException, ReflectiveOperationException {
        URL[] urls = {libraryOf(version).toUri().toURL(), locationOf(Control.class), locationOf(CracProgram.class)};
        var loader = new URLClassLoader(urls, ClassLoader.getPlatformClassLoader());
        return new CracWorld(loader, loader.loadClass(CracProgram.class.getName()));
    }

    static Path libraryOf(String version) {
        Path library = Path.of("target", "crac", "crac-" + version + ".jar");
        if (!Files.exists(library)) {
            throw new IllegalStateException("cannot find " + library.toAbsolutePath()
                    + "; run mvn process-test-resources in this module first");
        }
        return library;
    }

    private static URL locationOf(Class<?> type) {
        return type.getProtectionDomain().getCodeSource().getLocation();
    }

    CracWorld withHandler(IntUnaryOperator handler) throws ReflectiveOperationException {
        loader.loadClass(Control.class.getName())
                .getMethod("install", IntUnaryOperator.class, BooleanSupplier.class)
                .invoke(null, handler, (BooleanSupplier) () -> false);
        return this;
    }

    Object call(String method, Object... arguments) throws ReflectiveOperationException {
        Class<?>[] types = new Class<?>[arguments.length];
        for (int i = 0; i < types.length; i++) {
            types[i] = arguments[i].getClass();
        }
        return program.getMethod(method, types).invoke(null, arguments);
    }

    @SuppressWarnings("unchecked") // As declared by the program.
    List<String> calls() throws ReflectiveOperationException {
        return (List<String>) program.getMethod("calls").invoke(null);
    }

    /** Does what the agent does around an image that it takes by itself. */
    void throughAnImage() throws ReflectiveOperationException {
        Class<?> control = loader.loadClass(Control.class.getName());
        control.getMethod("agentBefore").invoke(null);
        Object state = control.getMethod("state").invoke(null);
        control.getMethod("resume", Object[].class).invoke(null, new Object[] {state});
        control.getMethod("agentAfter", int.class).invoke(null, Control.RESTORED);
    }

    @Override
    public void close() throws IOException {
        loader.close();
    }
}
