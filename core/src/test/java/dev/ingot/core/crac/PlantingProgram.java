package dev.ingot.core.crac;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.IntUnaryOperator;
import jdk.internal.misc.Unsafe;

/**
 * The main class of a JVM in which the bridge is planted as the agent does it; then a program in a class loader that sees
 * nothing but the JDK uses org.crac. Arguments: the library, and the class path of the program. Prints what happened.
 */
final class PlantingProgram {
    private static final String[] RUNTIME = {
        "dev/ingot/runtime/PinReason",
        "dev/ingot/runtime/Pin",
        "dev/ingot/runtime/Control$Participant",
        "dev/ingot/runtime/Control$Report",
        "dev/ingot/runtime/Control$Refusal",
        "dev/ingot/runtime/Control",
    };

    private PlantingProgram() {}

    public static void main(String[] arguments) throws Exception {
        for (String name : RUNTIME) {
            byte[] bytes = read(name);
            Unsafe.getUnsafe().defineClass(name, bytes, 0, bytes.length, null, null);
        }
        System.out.println("planted: " + CracBridge.isPlanted());
        var bridge = new CracBridge(PlantingProgram::read);
        System.out.println("planted: " + bridge.plant() + ' ' + bridge.plant());
        install();
        useOrgCrac(Path.of(arguments[0]), Path.of(arguments[1]));
    }

    private static void install() throws ReflectiveOperationException {
        Class.forName("dev.ingot.runtime.Control", true, null)
                .getMethod("install", IntUnaryOperator.class, BooleanSupplier.class)
                .invoke(null, (IntUnaryOperator) suspend -> suspend, (BooleanSupplier) () -> false);
    }

    private static void useOrgCrac(Path library, Path classes) throws Exception {
        URL[] urls = {library.toUri().toURL(), classes.toUri().toURL()};
        try (var loader = new URLClassLoader(urls, ClassLoader.getPlatformClassLoader())) {
            Class<?> program = loader.loadClass("dev.ingot.core.crac.CracProgram");
            program.getMethod("register", String.class).invoke(null, "a");
            program.getMethod("checkpoint").invoke(null);
            List<?> calls = (List<?>) program.getMethod("calls").invoke(null);
            calls.forEach(System.out::println);
        }
    }

    private static byte[] read(String name) throws IOException {
        try (InputStream bytes = PlantingProgram.class.getResourceAsStream("/" + name + ".class")) {
            if (bytes == null) {
                throw new IOException("cannot find " + name);
            }
            return bytes.readAllBytes();
        }
    }
}
