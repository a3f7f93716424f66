package dev.ingot.agent.transform;

import dev.ingot.agent.log.AgentLog;
import dev.ingot.agent.options.WeavingOptions;
import dev.ingot.agent.weave.DefinerWeaver;
import dev.ingot.agent.weave.JdkClasses;
import dev.ingot.agent.weave.StackMaps;
import dev.ingot.agent.weave.WeaveRequest;
import dev.ingot.agent.weave.Weaver;
import dev.ingot.agent.weave.WovenClass;
import dev.ingot.core.crac.CracBridge;
import dev.ingot.runtime.ClassSites;
import dev.ingot.runtime.ManagedThreads;
import dev.ingot.runtime.SiteTable;
import java.io.IOException;
import java.io.InputStream;
import java.lang.instrument.ClassFileTransformer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.ProtectionDomain;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Weaves classes as the JVM loads or retransforms them. Called by any thread that loads a class.
 *
 * <p>A class that cannot be woven stays as it is: the program runs on, and a thread inside such a class is pinned.
 */
public final class WeavingTransformer implements ClassFileTransformer {
    private static final ClassSites NO_SITES = new ClassSites(new ClassSites.MethodSites[0]);

    private final WeavingOptions options;
    private final ResumableMethods resumable;
    private final InitializedClasses initialized;
    private final ClassFileRecorder classFiles;
    private final Coordination coordination;
    private final AgentLog log;
    private final WovenCache cache;
    private final WovenCache programCache;
    private final ClassLoader programLoader = ClassLoader.getSystemClassLoader();
    private final ClassLoader agentLoader = WeavingTransformer.class.getClassLoader();

    public WeavingTransformer(
            WeavingOptions options,
            ResumableMethods resumable,
            InitializedClasses initialized,
            ClassFileRecorder classFiles,
            Coordination coordination,
            AgentLog log) {
        this.options = options;
        this.resumable = resumable;
        this.initialized = initialized;
        this.classFiles = classFiles;
        this.coordination = coordination;
        this.log = log;
        this.cache = WovenCache.ofThisUser(log);
        this.programCache = WovenCache.ofThisProgram(log);
    }

    /** Loads the classes of the JDK that weaving needs, before it is asked to weave one of them as it is loaded. */
    public void loadCachedClasses() {
        for (String name : cache.names()) {
            try {
                Class.forName(name.replace('/', '.'), false, ClassLoader.getPlatformClassLoader());
            } catch (ClassNotFoundException | LinkageError failure) {
                log.debug("cannot load " + name + ", which was there when the cache was made", failure);
            }
        }
    }

    /** Keeps the woven classes for the JVMs to come, also at the end; what is woven from here on the program asked for. */
    public void programStarts() {
        cache.programStarts();
        cache.save();
        Runtime.getRuntime()
                .addShutdownHook(new Thread(ManagedThreads.systemThreadGroup(), this::saveCache, "Ingot end"));
    }

    /** Keeps what was woven since then, too. */
    public void saveCache() {
        cache.save();
        programCache.save();
    }

    @Override
    public byte @Nullable [] transform(
            @Nullable ClassLoader loader,
            @Nullable String name,
            @Nullable Class<?> redefined,
            @Nullable ProtectionDomain domain,
            byte[] classFile) {
        if (name == null || loader == agentLoader || isOwn(name) || isReflectionAccessor(name)) {
            return null;
        }
        if (CracBridge.isNeededBy(name)) {
            coordination.plant();
        }
        if (loader == null && DefinerWeaver.takes(name)) {
            return weaveDefiner(name, classFile);
        }
        boolean jdk = loader == null || loader == ClassLoader.getPlatformClassLoader();
        boolean jdkRules = jdk && !JdkClasses.isProgramLike(name);
        if (jdkRules && !JdkClasses.mayWeave(name)) {
            return null;
        }
        if (loader != null && !jdk && redefined == null) {
            classFiles.offer(loader, name.replace('/', '.'), domain, classFile);
        }
        if (!jdk && !options.weaves(name)) {
            return null;
        }
        try {
            return weave(loader, name, redefined, jdk, classFile);
        } catch (Throwable failure) {
            log.warn("cannot weave " + name.replace('/', '.') + "; threads inside it cannot be captured", failure);
            return null;
        }
    }

    /** Ingot's own, wherever it is loaded; its library is a part of the program. */
    private static boolean isOwn(String name) {
        return name.startsWith("dev/ingot/agent/")
                || name.startsWith("dev/ingot/runtime/")
                || name.startsWith("jdk/crac/");
    }

    /** A generated class that forwards a reflected call; the caller simply calls it again. */
    private static boolean isReflectionAccessor(String name) {
        return name.startsWith("jdk/internal/reflect/");
    }

    private byte @Nullable [] weaveDefiner(String name, byte[] classFile) {
        WovenCache.Entry known = cache.find(name, classFile);
        if (known != null) {
            return known.woven();
        }
        byte[] changed = DefinerWeaver.weave(classFile);
        cache.addWithoutSites(name, classFile, changed);
        return changed;
    }

    private byte @Nullable [] weave(
            @Nullable ClassLoader loader, String name, @Nullable Class<?> redefined, boolean jdk, byte[] classFile)
            throws IOException {
        String className = name.replace('/', '.');
        boolean suppress = redefined == null && initialized.contains(loader, className);
        Set<String> resumableMethods = resumable.of(className);
        WovenCache kept = suppress || !resumableMethods.isEmpty() ? null : cacheFor(loader, jdk);
        WovenCache.Entry known = kept == null ? null : kept.find(name, classFile);
        if (known != null) {
            ClassSites sites = known.readSites();
            return defined(loader, name, known.woven(), sites == null && !jdk ? NO_SITES : sites);
        }
        boolean jdkRules = jdk && !JdkClasses.isProgramLike(name);
        WeaveRequest request = new WeaveRequest(jdkRules, false, false, resumableMethods, suppress);
        byte[] whole = redefined != null && jdk ? withStackMaps(loader, name, classFile) : classFile;
        ResourceHierarchy hierarchy = new ResourceHierarchy(loader);
        WovenClass woven = new Weaver(hierarchy).weave(whole, request);
        if (kept != null && !hierarchy.wasAsked()) {
            kept.add(name, classFile, woven);
        }
        if (woven == null) {
            // Tells that the class was seen: nothing in it can be captured, and what calls it need not be told apart.
            return jdk ? null : defined(loader, name, null, NO_SITES);
        }
        return defined(loader, name, woven.bytes(), woven.sites());
    }

    /** The cache for a class; none for what loaders of the program's own define, which may be made up as it runs. */
    private @Nullable WovenCache cacheFor(@Nullable ClassLoader loader, boolean jdk) {
        if (jdk) {
            return cache;
        }
        return loader == programLoader ? programCache : null;
    }

    /** A class that was loaded before this transformer came may have lost its stack maps in the JVM; its resource has them. */
    private static byte[] withStackMaps(@Nullable ClassLoader loader, String name, byte[] classFile)
            throws IOException {
        if (!StackMaps.areMissing(classFile)) {
            return classFile;
        }
        String resource = name + ".class";
        try (InputStream stream = loader == null
                ? ClassLoader.getSystemResourceAsStream(resource)
                : loader.getResourceAsStream(resource)) {
            if (stream == null) {
                throw new IOException("the JVM has lost the stack maps of " + name.replace('/', '.')
                        + ", and its class file cannot be found");
            }
            return stream.readAllBytes();
        }
    }

    private byte @Nullable [] defined(
            @Nullable ClassLoader loader, String name, byte @Nullable [] woven, @Nullable ClassSites sites)
            throws IOException {
        if (sites != null) {
            SiteTable.put(loader, name.replace('/', '.'), sites);
        }
        if (woven != null) {
            dump(name, woven);
        }
        return woven;
    }

    private void dump(String name, byte[] classFile) throws IOException {
        Path directory = options.dump();
        if (directory != null) {
            Path file = directory.resolve(name + ".class");
            Files.createDirectories(file.getParent());
            Files.write(file, classFile);
        }
    }
}
