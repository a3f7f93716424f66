package dev.ingot.core.jvm;

import java.lang.reflect.Field;
import jdk.internal.access.JavaLangAccess;
import jdk.internal.access.SharedSecrets;

/**
 * Class loaders in which the JDK defines the classes it compiles stylesheets (XSLT) to. It puts them in modules that it makes at run time and
 * gives these a view of its library; an image has no such modules, so the classes are in the unnamed module of their loader after a
 * resume, which needs the same view.
 */
public final class StylesheetLoader {
    private static final String COMPILER = "com.sun.org.apache.xalan.internal.xsltc.";
    private static final String TYPE = COMPILER + "trax.TemplatesImpl$TransletClassLoader";

    private StylesheetLoader() {}

    /** Whether {@code loader} is one. */
    public static boolean isOne(ClassLoader loader) {
        return loader.getClass().getName().equals(TYPE)
                && loader.getClass().getModule().isNamed();
    }

    /**
     * Lets the classes in {@code loader} use the JDK's library for them. Idempotent.
     *
     * @throws IllegalStateException if this JDK does not say which packages they need
     */
    public static void open(ClassLoader loader) {
        Module library = loader.getClass().getModule();
        Module unnamed = loader.getUnnamedModule();
        JavaLangAccess modules = SharedSecrets.getJavaLangAccess();
        for (String name : packages(loader)) {
            modules.addExports(library, name, unnamed);
        }
        modules.addReads(library, unnamed);
    }

    private static String[] packages(ClassLoader loader) {
        try {
            Class<?> constants = Class.forName(
                    COMPILER + "compiler.Constants", true, loader.getClass().getClassLoader());
            Field packages = DeclaredFields.ofClass(constants, "PKGS_USED_BY_TRANSLET_CLASSES");
            if (packages != null && DeclaredFields.staticValue(packages) instanceof String[] names) {
                return names;
            }
        } catch (ClassNotFoundException absent) {
            throw new IllegalStateException("cannot find the JDK's compiler of stylesheets", absent);
        }
        throw new IllegalStateException(
                "JDK " + Runtime.version() + " does not say which packages its compiled stylesheets need");
    }
}
