package dev.ingot.agent;

import java.io.IOException;
import java.io.InputStream;
import java.lang.instrument.Instrumentation;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import jdk.internal.loader.BootLoader;
import jdk.internal.misc.Unsafe;

/**
 * Defines the classes that woven code calls in the boot loader, where every class loader finds them, and opens java.base to
 * them and to Ingot.
 *
 * <p>The classes are defined one by one, not appended to the boot class path: appending makes the JVM print a warning and
 * give up its shared archive of application classes.
 */
final class RuntimeInstaller {
    private static final String ROOT = "runtime/";

    private RuntimeInstaller() {}

    /**
     * Defines the runtime. Called once per JVM, with {@code jdk.internal.misc} and {@code jdk.internal.loader} open to this
     * class.
     *
     * @throws IOException if a part of the runtime cannot be read
     */
    static void install(Instrumentation instrumentation) throws IOException {
        ClassLoader loader = RuntimeInstaller.class.getClassLoader();
        openJavaBase(instrumentation, Set.of(BootLoader.getUnnamedModule(), loader.getUnnamedModule()));
        ZstandardModule.define(loader);
        defineAll(loader, new String(read(loader, ROOT + "index"), StandardCharsets.UTF_8));
    }

    private static void openJavaBase(Instrumentation instrumentation, Set<Module> to) {
        Module base = Object.class.getModule();
        Map<String, Set<Module>> opens = new HashMap<>();
        for (String name : base.getPackages()) {
            opens.put(name, to);
        }
        instrumentation.redefineModule(base, Set.of(), Map.of(), opens, Set.of(), Map.of());
    }

    /** Each line of {@code index} names a class, after its supertypes. */
    private static void defineAll(ClassLoader loader, String index) throws IOException {
        int start = 0;
        for (int end = index.indexOf('\n'); end >= 0; end = index.indexOf('\n', start)) {
            String name = index.substring(start, end);
            byte[] bytes = read(loader, ROOT + name + ".classdata");
            Unsafe.getUnsafe().defineClass(name, bytes, 0, bytes.length, null, null);
            start = end + 1;
        }
    }

    private static byte[] read(ClassLoader loader, String name) throws IOException {
        try (InputStream stream = loader.getResourceAsStream(name)) {
            if (stream == null) {
                throw new IOException("cannot find " + name + ", a part of Ingot's runtime, in " + jar()
                        + "; build the agent's jar again");
            }
            return stream.readAllBytes();
        }
    }

    private static URL jar() {
        return RuntimeInstaller.class.getProtectionDomain().getCodeSource().getLocation();
    }
}
