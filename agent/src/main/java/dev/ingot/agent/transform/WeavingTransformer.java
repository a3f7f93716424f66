package dev.ingot.agent.transform;

import dev.ingot.agent.log.AgentLog;
import dev.ingot.agent.observe.WeavingTotals;
import dev.ingot.agent.options.WeavingOptions;
import dev.ingot.agent.thread.AgentThreads;
import dev.ingot.agent.weave.ClassHierarchy;
import dev.ingot.agent.weave.InitializerEraser;
import dev.ingot.agent.weave.JdkClasses;
import dev.ingot.agent.weave.StackMaps;
import dev.ingot.agent.weave.StubWeaver;
import dev.ingot.agent.weave.WeaveRequest;
import dev.ingot.agent.weave.Weaver;
import dev.ingot.agent.weave.WovenClass;
import dev.ingot.core.crac.CracBridge;
import dev.ingot.core.jvm.ClassAccess;
import dev.ingot.runtime.ClassSites;
import dev.ingot.runtime.OtherAgents;
import dev.ingot.runtime.SiteTable;
import java.io.IOException;
import java.io.InputStream;
import java.lang.instrument.ClassFileTransformer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.ProtectionDomain;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;

/**
 * Weaves classes as the JVM loads or retransforms them. Called by any thread that loads a class.
 *
 * <p>A class that cannot be woven stays as it is: the program runs on, and a thread inside such a class is pinned.
 */
public final class WeavingTransformer implements ClassFileTransformer {
    private static final int NANOS_PER_MILLI = 1_000_000;
    private static final ClassSites NO_SITES = new ClassSites(new ClassSites.MethodSites[0]);

    /** The first class of the JDK that is loaded once all agents have started. */
    private static final String LAUNCHER = "sun/launcher/LauncherHelper";

    private final WeavingOptions options;
    private final ResumableMethods resumable;
    private final InitializedClasses initialized;
    private final AgentJars otherAgents = AgentJars.ofThisJvm();
    private final ClassFileRecorder classFiles;
    private final Coordination coordination;
    private final CompileLimit compileLimit;
    private final AgentLog log;
    private final WovenCaches caches;
    private final WeavingTotals totals;
    private final WeaverCompilation compilation;
    /** Names, not classes: as keys these would get identity hash codes, and in a JVM that resumes an image they have to take those of the image. */
    private final Set<String> shown = ConcurrentHashMap.newKeySet();

    private final ClassLoader agentLoader = WeavingTransformer.class.getClassLoader();
    private volatile boolean readsImage;

    public WeavingTransformer(
            WeavingOptions options,
            ResumableMethods resumable,
            InitializedClasses initialized,
            ClassFileRecorder classFiles,
            Coordination coordination,
            CompileLimit compileLimit,
            WovenCaches caches,
            WeavingTotals totals,
            AgentLog log) {
        this.options = options;
        this.resumable = resumable;
        this.initialized = initialized;
        this.classFiles = classFiles;
        this.coordination = coordination;
        this.compileLimit = compileLimit;
        this.log = log;
        this.compilation = new WeaverCompilation(log);
        this.caches = caches;
        this.totals = totals;
    }

    /** Loads the classes of the JDK that weaving needs, before it is asked to weave one of them as it is loaded. */
    public void loadCachedClasses() {
        for (String name : caches.jdk().names()) {
            try {
                Class.forName(name.replace('/', '.'), false, ClassLoader.getPlatformClassLoader());
            } catch (ClassNotFoundException | LinkageError failure) {
                log.debug("cannot load " + name + ", which was there when the cache was made", failure);
            }
        }
    }

    /** Whether this class of the boot loader has come by here, if any of it may be woven. */
    boolean wasShown(Class<?> type) {
        return shown.contains(type.getName());
    }

    /**
     * Whether {@code type} is of a class loader of the program's own and was not shown to this transformer when it was loaded, or its
     * class file would be known.
     */
    boolean hasMissed(Class<?> type) {
        return takes(type)
                && type.getClassLoader() != ClassLoader.getSystemClassLoader()
                && classFiles.find(type) == null;
    }

    /** Whether {@code type} is one of the program's, as far as its name and its class loader tell. */
    boolean takes(Class<?> type) {
        ClassLoader loader = type.getClassLoader();
        if (loader == null
                || loader == ClassLoader.getPlatformClassLoader()
                || loader == agentLoader
                || type.isArray()
                || type.isHidden()
                || OtherAgents.own(loader)) {
            return false;
        }
        String name = type.getName().replace('.', '/');
        return !isOwn(name) && !isReflectionAccessor(name);
    }

    /** Whether it is known that there is nothing to weave in the class of the JDK with this name, with slashes. */
    boolean leavesAlone(String name) {
        return caches.jdk().leavesAlone(name);
    }

    /** Keeps the woven classes for the JVMs to come, also at the end; what is woven from here on the program asked for. */
    public void programStarts() {
        caches.programStarts();
        Runtime.getRuntime().addShutdownHook(AgentThreads.make("end", new Saving()));
    }

    /** Spelled out: the first lambda of a JVM costs a start many times what a class does. */
    private final class Saving implements Runnable {
        @Override
        public void run() {
            if (log.writesDebug()) {
                WeavingTotals.Snapshot woven = totals.snapshot();
                log.debug("wove " + woven.classes() + " classes in " + woven.nanos() / NANOS_PER_MILLI + " ms");
            }
            saveCache();
        }
    }

    /** Keeps what was woven since then, too. */
    public void saveCache() {
        caches.save();
    }

    /**
     * From here to {@link #imageEnds} the classes of an image are defined. They are kept although it is not known yet what place each comes from:
     * there is a certain number of them. Those of the JDK among them are not what every start needs.
     */
    public void imageBegins() {
        caches.imageBegins();
        readsImage = true;
    }

    public void imageEnds() {
        readsImage = false;
    }

    /** Runs {@code task} while no thread of the weaver's own is at work. */
    public void runApart(Runnable task) {
        compilation.runApart(() -> caches.runApart(task));
    }

    @Override
    public byte @Nullable [] transform(
            @Nullable ClassLoader loader,
            @Nullable String givenName,
            @Nullable Class<?> redefined,
            @Nullable ProtectionDomain domain,
            byte[] classFile) {
        String name = givenName != null ? givenName : nameIn(classFile);
        if (name == null || loader == agentLoader || isOwn(name) || isReflectionAccessor(name)) {
            return null;
        }
        if (LAUNCHER.equals(name)) {
            OtherAgents.programStartsIn(Thread.currentThread());
        }
        if (OtherAgents.own(loader)) {
            return null;
        }
        if (CracBridge.isNeededBy(name)) {
            coordination.plant();
        }
        if (loader == null && (JdkClasses.isSpecial(name) || loadsForImage(name))) {
            shown.add(name.replace('/', '.'));
            return weaveSpecially(name, classFile);
        }
        boolean jdk = loader == null || loader == ClassLoader.getPlatformClassLoader();
        boolean jdkRules = jdk && !JdkClasses.isProgramLike(name);
        if (jdkRules && (!JdkClasses.mayWeave(name) || caches.jdk().leavesAlone(name))) {
            return null;
        }
        if (loader == null) {
            shown.add(name.replace('/', '.'));
        }
        if (loader != null && !jdk && (redefined == null || hasMissed(redefined))) {
            classFiles.offer(loader, name.replace('/', '.'), domain, classFile);
        }
        if (!jdk && !options.weaves(name)) {
            return null;
        }
        long begin = System.nanoTime();
        try {
            if (StubWeaver.takes(name)) {
                return defined(loader, name, StubWeaver.weave(classFile), NO_SITES);
            }
            byte[] woven = weave(loader, name, redefined, domain, jdk, classFile);
            if (woven != null) {
                totals.wove(System.nanoTime() - begin);
            }
            return woven;
        } catch (Throwable failure) {
            totals.failed(System.nanoTime() - begin);
            log.warn("cannot weave " + name.replace('/', '.') + "; threads inside it cannot be captured", failure);
            return null;
        }
    }

    /** A class that its loader defines without saying its name has one all the same; null if the JVM will refuse the file. */
    private @Nullable String nameIn(byte[] classFile) {
        try {
            return new ClassReader(classFile).getClassName();
        } catch (RuntimeException malformed) {
            log.debug("cannot tell the name of a class that was defined without one", malformed);
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

    /** Whether other agents are on the command line. */
    boolean hasOtherAgents() {
        return otherAgents.areThere();
    }

    /** Whether {@code type} comes from another agent's jar, in the application's class loader. */
    public boolean isOfOtherAgent(Class<?> type) {
        return otherAgents.contain(ClassAccess.protectionDomain(type));
    }

    /** Has the classes that loaders from the jars of other agents define taken for these agents' own. */
    public void recognizeAgents() {
        if (otherAgents.haveLoaders()) {
            OtherAgents.tellBy(type -> otherAgents.containApart(ClassAccess.protectionDomain(type)));
        }
    }

    /**
     * Whether {@code type} belongs to another agent alone, and that has begun work of its own, in threads, before the program: a fresh JVM
     * has it begin anew, so nothing of the class is in an image.
     */
    public boolean beginsAnew(Class<?> type) {
        return OtherAgents.haveThreads() && otherAgents.containApart(ClassAccess.protectionDomain(type));
    }

    private boolean loadsForImage(String name) {
        return readsImage && JdkClasses.LOADER.equals(name);
    }

    private byte @Nullable [] weaveSpecially(String name, byte[] classFile) {
        WovenCache.Entry known = caches.jdk().find(name, classFile);
        if (known != null) {
            return known.woven();
        }
        byte[] changed = JdkClasses.weaveSpecially(name, classFile);
        caches.jdk().addWithoutSites(name, classFile, changed);
        return changed;
    }

    private byte @Nullable [] weave(
            @Nullable ClassLoader loader,
            String name,
            @Nullable Class<?> redefined,
            @Nullable ProtectionDomain domain,
            boolean jdk,
            byte[] classFile)
            throws IOException {
        String className = name.replace('/', '.');
        boolean jdkRules = jdk && !JdkClasses.isProgramLike(name);
        // One that has run in this JVM already does not run again anyway. That of another agent's class runs as its
        // premain method
        // did: the agent is at work before its fields are those of the image.
        boolean initialized = this.initialized.contains(loader, className)
                && (redefined == null || !ClassAccess.isInitialized(redefined))
                && !otherAgents.contain(domain);
        Set<String> resumableMethods = resumable.of(className);
        WovenCache kept = cacheFor(domain, jdk);
        String variant = variant(name, resumableMethods);
        WovenCache.Entry known = kept == null ? null : kept.find(variant, classFile);
        ResourceHierarchy hierarchy = new ResourceHierarchy(loader, classFile);
        byte[] whole = known == null && redefined != null && jdk
                ? withStackMaps(loader, name, classFile, hierarchy)
                : classFile;
        WovenClass woven;
        if (known == null) {
            Weaver weaver = new Weaver(hierarchy);
            byte[] modern = weaver.modernise(whole);
            if (modern != null && modern != whole && loader != null && !jdk && redefined == null) {
                // A fresh JVM weaves it before the loader is there that knows what the class extends.
                classFiles.offer(loader, className, domain, modern);
            }
            WeaveRequest request = new WeaveRequest(jdkRules, false, false, resumableMethods);
            woven = modern == null ? null : weaver.weave(modern, request);
            compilation.wove();
            if (kept != null && !hierarchy.wasAsked()) {
                keep(kept, name, variant, classFile, woven);
            }
        } else {
            woven = known.wovenClass();
        }
        if (woven != null && woven.outgrown()) {
            compileLimit.lift(className);
        }
        byte[] bytes = woven == null ? null : woven.bytes();
        if (initialized && !jdkRules) {
            byte[] erased = InitializerEraser.erase(bytes == null ? whole : bytes);
            bytes = erased == null ? bytes : erased;
        }
        if (woven == null && jdk) {
            return bytes;
        }
        // No sites tell that the class was seen: nothing in it can be captured, and what calls it need not be told
        // apart.
        return defined(loader, name, bytes, woven == null ? NO_SITES : woven.sites());
    }

    private static void keep(
            WovenCache kept, String name, String variant, byte[] classFile, @Nullable WovenClass woven) {
        if (variant.equals(name)) {
            kept.add(name, classFile, woven);
        } else if (woven != null) {
            kept.addSpecial(variant, classFile, woven.bytes(), woven.sites(), woven.outgrown());
        }
    }

    /** What tells what becomes of one class file apart: a program that is resumed needs some methods in the other variant. */
    private static String variant(String name, Set<String> resumableMethods) {
        if (resumableMethods.isEmpty()) {
            return name;
        }
        String[] methods = resumableMethods.toArray(new String[0]);
        Arrays.sort(methods);
        StringBuilder variant = new StringBuilder(name).append('?');
        for (String method : methods) {
            variant.append(method).append(';');
        }
        return variant.toString();
    }

    /** The cache for a class; none for what comes from no place, which may be made up as the program runs. */
    private @Nullable WovenCache cacheFor(@Nullable ProtectionDomain domain, boolean jdk) {
        if (jdk) {
            return caches.jdk();
        }
        boolean hasPlace = domain != null
                && domain.getCodeSource() != null
                && domain.getCodeSource().getLocation() != null;
        return hasPlace || readsImage ? caches.program() : null;
    }

    /** A class that was loaded before this transformer came may have lost its stack maps in the JVM; its resource has them. */
    private static byte[] withStackMaps(
            @Nullable ClassLoader loader, String name, byte[] classFile, ClassHierarchy hierarchy) throws IOException {
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
            return StackMaps.restored(classFile, stream.readAllBytes(), hierarchy);
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
