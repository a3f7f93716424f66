package dev.ingot.core.jdk.lang;

import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.heap.ObjectResolver;
import dev.ingot.core.jdk.access.HiddenMethod;
import dev.ingot.core.jdk.access.JdkClass;
import dev.ingot.core.jdk.access.Parts;
import dev.ingot.core.jdk.access.Slot;
import java.net.MalformedURLException;
import java.net.URL;
import jdk.internal.loader.BootLoader;
import org.jspecify.annotations.Nullable;

/**
 * Packages by module and name. A built-in loader has its own; for a loader of the program a package is made, with its
 * versions, and is found in the table of the loader.
 */
final class PackageResolver implements ObjectResolver<Object> {
    private static final int MODULE = 0;
    private static final int NAME = 1;
    private static final int FIRST_VERSION = 2;
    private static final String[] VERSIONS = {
        "specTitle", "specVersion", "specVendor", "implTitle", "implVersion", "implVendor"
    };
    private static final int SEAL = FIRST_VERSION + VERSIONS.length;

    private static final Class<?> NAMED_PACKAGE = JdkClass.of("java.lang.NamedPackage");
    private static final String VERSION_INFO = "java.lang.Package$VersionInfo";

    @Override
    public boolean accepts(Class<?> type) {
        return NAMED_PACKAGE.isAssignableFrom(type);
    }

    @Override
    public @Nullable Object[] describe(Object namedPackage) {
        @Nullable Object[] description = new @Nullable Object[SEAL + 1];
        description[MODULE] = lastingModule(namedPackage);
        description[NAME] = Slot.of(NAMED_PACKAGE, "name").get(namedPackage);
        Object versions = namedPackage instanceof Package
                ? Slot.of(Package.class, "versionInfo").get(namedPackage)
                : null;
        if (versions != null) {
            for (int i = 0; i < VERSIONS.length; i++) {
                description[FIRST_VERSION + i] =
                        Slot.of(VERSION_INFO, VERSIONS[i]).get(versions);
            }
            Object seal = Slot.of(VERSION_INFO, "sealBase").get(versions);
            description[SEAL] = seal == null ? null : ((URL) seal).toExternalForm();
        }
        return description;
    }

    @Override
    public Object resolve(Class<?> type, @Nullable Object[] description) throws NotRestorableException {
        Parts parts = new Parts("package", description);
        Module module = parts.get(MODULE, Module.class);
        String name = parts.get(NAME, String.class);
        ClassLoader loader = module.getClassLoader();
        if (loader == null) {
            return present(BootLoader.getDefinedPackage(name), name);
        }
        if (loader == ClassLoader.getSystemClassLoader() || loader == ClassLoader.getPlatformClassLoader()) {
            Package known = loader.getDefinedPackage(name);
            return known == null ? define(loader, name, parts) : known;
        }
        return make(type, module, name, parts);
    }

    /** The modules that the JDK makes for proxies differ from JVM to JVM; their packages count to the loader's own module. */
    private static @Nullable Object lastingModule(Object namedPackage) {
        Module module = Slot.of(NAMED_PACKAGE, "module").get(namedPackage, Module.class);
        if (module == null || !module.isNamed() || module.getLayer() == ModuleLayer.boot()) {
            return module;
        }
        ClassLoader loader = module.getClassLoader();
        return loader == null ? module : loader.getUnnamedModule();
    }

    private static Object define(ClassLoader loader, String name, Parts parts) throws NotRestorableException {
        HiddenMethod definePackage = HiddenMethod.of(
                ClassLoader.class,
                "definePackage",
                String.class,
                String.class,
                String.class,
                String.class,
                String.class,
                String.class,
                String.class,
                URL.class);
        @Nullable Object[] arguments = new @Nullable Object[VERSIONS.length + 2];
        arguments[0] = name;
        for (int i = 0; i < VERSIONS.length; i++) {
            arguments[1 + i] = parts.find(FIRST_VERSION + i, String.class);
        }
        arguments[VERSIONS.length + 1] = seal(parts);
        return present(definePackage.call(loader, arguments), name);
    }

    private static Object make(Class<?> type, Module module, String name, Parts parts) throws NotRestorableException {
        Object made = JdkClass.allocate(type);
        Slot.of(NAMED_PACKAGE, "name").put(made, name);
        Slot.of(NAMED_PACKAGE, "module").put(made, module);
        if (made instanceof Package) {
            Object versions = JdkClass.allocate(JdkClass.of(VERSION_INFO));
            for (int i = 0; i < VERSIONS.length; i++) {
                Slot.of(VERSION_INFO, VERSIONS[i]).put(versions, parts.find(FIRST_VERSION + i, String.class));
            }
            Slot.of(VERSION_INFO, "sealBase").put(versions, seal(parts));
            Slot.of(Package.class, "versionInfo").put(made, versions);
        }
        return made;
    }

    private static @Nullable URL seal(Parts parts) throws NotRestorableException {
        String address = parts.find(SEAL, String.class);
        try {
            return address == null ? null : new URL(address);
        } catch (MalformedURLException e) {
            throw new NotRestorableException(
                    "cannot restore a sealed package: nobody handles its address " + address + " in this JVM", e);
        }
    }

    private static Object present(@Nullable Object found, String name) throws NotRestorableException {
        if (found == null) {
            throw new NotRestorableException("cannot restore package " + name
                    + ", which the program holds: this JVM has none;" + " resume with the same class path and JDK");
        }
        return found;
    }
}
