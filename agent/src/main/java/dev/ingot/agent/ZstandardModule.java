package dev.ingot.agent;

import java.lang.module.ModuleDescriptor;
import java.util.Set;
import jdk.internal.access.JavaLangAccess;
import jdk.internal.access.SharedSecrets;

/**
 * A named module for the one library of Ingot that has native code.
 *
 * <p>From JDK 24 on, native code used without permission makes the JVM print a warning or, if told so, refuse. Permission goes
 * to modules, and all unnamed modules are one in this: given to Ingot's, it would be given to the program's too, whose own
 * warning would then be missing. So the library gets a module of its own, which no program can see.
 */
final class ZstandardModule {
    private static final Set<String> PACKAGES = Set.of("com.github.luben.zstd", "com.github.luben.zstd.util");

    private ZstandardModule() {}

    /** Defines the module in {@code loader}, before the loader defines a class of the library. Called once per loader. */
    static void define(ClassLoader loader) {
        JavaLangAccess access = SharedSecrets.getJavaLangAccess();
        ModuleDescriptor descriptor =
                ModuleDescriptor.newModule("ingot.zstandard").packages(PACKAGES).build();
        Module module = access.defineModule(loader, descriptor, null);
        access.addReads(module, Object.class.getModule());
        for (String name : PACKAGES) {
            access.addExports(module, name, loader.getUnnamedModule());
        }
        access.addEnableNativeAccess(module);
    }
}
