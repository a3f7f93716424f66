package dev.ingot.agent;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.security.ProtectionDomain;
import java.util.Collections;
import java.util.Enumeration;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * Defines Ingot's own classes and those of the libraries it uses, from a part of the agent's jar that no other loader
 * understands: {@code inst/a/b/C.classdata} is the class {@code a.b.C}.
 *
 * <p>Classes that Ingot gives to the boot loader are resources here, by their path in the jar: {@code runtime/a/b/C.classdata}.
 *
 * <p>Its parent is the platform class loader, so that Ingot and the program never see each other's classes. Safe for use by
 * many threads.
 */
final class AgentClassLoader extends ClassLoader {
    private static final String HIDDEN = "inst/";
    private static final String PLANTED = "runtime/";
    private static final String CLASS = ".class";
    private static final String HIDDEN_CLASS = ".classdata";

    static {
        registerAsParallelCapable();
    }

    private final File jar;
    private final ZipFile content;
    private final ProtectionDomain domain = AgentClassLoader.class.getProtectionDomain();

    AgentClassLoader(File jar) throws IOException {
        super("ingot", ClassLoader.getPlatformClassLoader());
        if (jar.isDirectory()) {
            throw new IOException("cannot read Ingot's classes from the directory " + jar
                    + "; start the program with the built jar, agent/target/ingot-agent.jar");
        }
        this.jar = jar;
        this.content = new ZipFile(jar);
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        ZipEntry entry = content.getEntry(HIDDEN + name.replace('.', '/') + HIDDEN_CLASS);
        if (entry == null) {
            throw new ClassNotFoundException(name);
        }
        byte[] bytes = read(name, entry);
        try {
            return defineClass(name, bytes, 0, bytes.length, domain);
        } catch (LinkageError failure) {
            return definedMeanwhile(name, failure);
        }
    }

    /** While a class is being defined, another agent's transformer may load classes, and weaving those may need this one. */
    private Class<?> definedMeanwhile(String name, LinkageError failure) {
        Class<?> known = findLoadedClass(name);
        if (known == null) {
            throw failure;
        }
        return known;
    }

    private byte[] read(String name, ZipEntry entry) throws ClassNotFoundException {
        try (InputStream stream = content.getInputStream(entry)) {
            return stream.readAllBytes();
        } catch (IOException failure) {
            throw new ClassNotFoundException("cannot read " + name + " from " + jar, failure);
        }
    }

    @Override
    protected @Nullable URL findResource(String name) {
        ZipEntry entry = entry(name);
        return entry == null ? null : url(entry);
    }

    /** Resources belong to no module of this loader, so that all its classes find all of them. */
    @Override
    protected @Nullable URL findResource(@Nullable String moduleName, String name) {
        return findResource(name);
    }

    @Override
    protected Enumeration<URL> findResources(String name) {
        URL url = findResource(name);
        return url == null ? Collections.emptyEnumeration() : Collections.enumeration(Collections.singleton(url));
    }

    /** As specified, but reads the jar that is open already: a {@code jar:} URL would leave a second one in a JVM-wide cache. */
    @Override
    public @Nullable InputStream getResourceAsStream(String name) {
        ZipEntry entry = entry(name);
        if (entry == null) {
            return super.getResourceAsStream(name);
        }
        try {
            return content.getInputStream(entry);
        } catch (IOException failure) {
            throw new IllegalStateException("cannot read " + entry.getName() + " from " + jar, failure);
        }
    }

    private @Nullable ZipEntry entry(String name) {
        if (name.startsWith(PLANTED)) {
            return content.getEntry(name);
        }
        return content.getEntry(HIDDEN + (name.endsWith(CLASS) ? hiddenClass(name) : name));
    }

    private static String hiddenClass(String name) {
        return name.substring(0, name.length() - CLASS.length()) + HIDDEN_CLASS;
    }

    private URL url(ZipEntry entry) {
        try {
            return URI.create("jar:" + jar.toURI() + "!/" + entry.getName()).toURL();
        } catch (MalformedURLException failure) {
            throw new IllegalStateException("cannot name " + entry.getName() + " in " + jar, failure);
        }
    }
}
