package dev.ingot.agent.transform;

import dev.ingot.agent.log.AgentLog;
import dev.ingot.agent.weave.ForwarderScan;
import dev.ingot.agent.weave.HandleWeaver;
import dev.ingot.agent.weave.WeaveRequest;
import dev.ingot.agent.weave.Weaver;
import dev.ingot.agent.weave.WovenClass;
import dev.ingot.runtime.ClassSites;
import dev.ingot.runtime.HiddenClassTable;
import dev.ingot.runtime.HiddenClasses;
import dev.ingot.runtime.SiteTable;
import jdk.internal.access.SharedSecrets;
import org.jspecify.annotations.Nullable;

/**
 * Weaves hidden classes as they are defined and remembers what is needed to define them again in another JVM.
 *
 * <p>A hidden class cannot be retransformed, so all its methods are resumable from the start.
 */
public final class HiddenClassRecorder implements HiddenClasses.Listener {

    /**
     * What a hidden class was made of.
     *
     * @param host the class of the lookup that defined it
     * @param classFile before weaving
     * @param flags as given to the JVM
     * @param classData its class data, if any
     */
    @SuppressWarnings("ArrayRecordComponent") // A class file; no two origins are ever compared.
    public record Origin(
            Class<?> host,
            byte[] classFile,
            int flags,
            @Nullable Object classData) {}

    private static final String INVOKE_PACKAGE = "java.lang.invoke";
    /** Compiled method handles, which the JDK makes for itself. */
    private static final String METHOD_HANDLE = "java.lang.invoke.LambdaForm$";

    private static final String LAMBDA = "$$Lambda";

    /** Where the code between Java and native functions is made. What it throws past native code ends the JVM. */
    private static final String NATIVE_CALLS = "jdk.internal.foreign.abi";

    private final WovenCaches caches;
    private final CompileLimit compileLimit;
    private final AgentLog log;
    private final ClassLoader agentLoader = HiddenClassRecorder.class.getClassLoader();
    private final HiddenClassTable<Origin> origins = new HiddenClassTable<>();

    @SuppressWarnings("ThreadLocalUsage") // Carried to the next call of the one recorder of a JVM.
    private final ThreadLocal<@Nullable ClassSites> beingDefined = new ThreadLocal<>();

    /** Apart, because a hidden class may need a handle compiled while it is being defined. */
    @SuppressWarnings("ThreadLocalUsage") // As above.
    private final ThreadLocal<@Nullable ClassSites> handleBeingDefined = new ThreadLocal<>();

    public HiddenClassRecorder(WovenCaches caches, CompileLimit compileLimit, AgentLog log) {
        this.caches = caches;
        this.compileLimit = compileLimit;
        this.log = log;
    }

    /** What {@code type} was made of, or {@code null} if it was defined before the agent started. */
    public @Nullable Origin originOf(Class<?> type) {
        return origins.get(type);
    }

    @Override
    public byte @Nullable [] weave(Class<?> host, String name, byte[] classFile) {
        if (host.getName().startsWith(INVOKE_PACKAGE)) {
            return weaveMethodHandle(host, name, classFile);
        }
        if (isOwn(host)
                || !packageOf(name).equals(host.getPackageName())
                || host.getPackageName().equals(NATIVE_CALLS)) {
            // The JDK puts a proxy for a method handle into a module made for it, which cannot read the runtime.
            return null;
        }
        try {
            WovenCache cache = caches.forHidden(host.getClassLoader());
            String plain = LambdaNumber.without(name);
            byte[] plainFile = LambdaNumber.renamed(classFile, name, plain);
            WovenCache.Entry known = cache.find(plain, plainFile);
            byte[] woven = known == null
                    ? weaveAnew(host, name, plain, plainFile, cache)
                    : beingDefined(host, name, known.woven(), known.readSites(), known.outgrown());
            return woven == null ? null : LambdaNumber.renamed(woven, plain, name);
        } catch (Throwable failure) {
            log.warn("cannot weave the hidden class " + name + "; threads inside it cannot be captured", failure);
            return null;
        }
    }

    private byte @Nullable [] weaveAnew(Class<?> host, String name, String plain, byte[] classFile, WovenCache cache) {
        ResourceHierarchy hierarchy = new ResourceHierarchy(host.getClassLoader(), classFile);
        WovenClass woven = new Weaver(hierarchy)
                .weave(classFile, name.contains(LAMBDA) ? WeaveRequest.FORWARDER : WeaveRequest.HIDDEN);
        byte[] bytes = woven == null ? null : woven.bytes();
        ClassSites sites = woven == null ? null : woven.sites();
        boolean outgrown = woven != null && woven.outgrown();
        if (!hierarchy.wasAsked()) {
            cache.addSpecial(plain, classFile, bytes, sites, outgrown);
        }
        return beingDefined(host, name, bytes, sites, outgrown);
    }

    private byte @Nullable [] beingDefined(
            Class<?> host, String name, byte @Nullable [] woven, @Nullable ClassSites sites, boolean outgrown) {
        if (woven != null) {
            letReadRuntime(host.getModule());
        }
        if (outgrown) {
            compileLimit.lift(name);
        }
        beingDefined.set(sites);
        return woven;
    }

    private static String packageOf(String name) {
        String dotted = name.replace('/', '.');
        return dotted.substring(0, Math.max(0, dotted.lastIndexOf('.')));
    }

    private byte @Nullable [] weaveMethodHandle(Class<?> host, String name, byte[] classFile) {
        if (!name.replace('/', '.').startsWith(METHOD_HANDLE)) {
            return null;
        }
        try {
            WovenCache cache = caches.forHidden(null);
            WovenCache.Entry known = cache.find(name, classFile);
            byte[] woven = known == null ? HandleWeaver.weave(classFile) : known.woven();
            ClassSites sites = known == null ? ForwarderScan.of(woven == null ? classFile : woven) : known.readSites();
            if (known == null) {
                cache.addSpecial(name, classFile, woven, sites, false);
            }
            if (woven != null) {
                letReadRuntime(host.getModule());
            }
            handleBeingDefined.set(sites);
            return woven;
        } catch (Throwable failure) {
            log.warn("cannot weave a compiled method handle; threads inside it cannot be captured", failure);
            return null;
        }
    }

    /** The JVM does this itself for the module of a class that goes through a transformer. */
    private static void letReadRuntime(Module module) {
        if (module.isNamed() && !module.canRead(HiddenClasses.class.getModule())) {
            SharedSecrets.getJavaLangAccess().addReadsAllUnnamed(module);
        }
    }

    @Override
    public void defined(Class<?> type, Class<?> host, byte[] classFile, int flags, @Nullable Object classData) {
        boolean handle = type.getName().startsWith(METHOD_HANDLE);
        ThreadLocal<@Nullable ClassSites> made = handle ? handleBeingDefined : beingDefined;
        ClassSites sites = made.get();
        made.remove();
        if (sites != null) {
            SiteTable.putHidden(type, sites);
        }
        // A lambda of the machinery may be part of a handle that the program holds.
        if (isOwn(host)
                && (host.getClassLoader() == agentLoader || !type.getName().contains(LAMBDA))) {
            return;
        }
        origins.put(type, new Origin(host, classFile, flags, classData));
    }

    /** The JDK's method handle machinery and Ingot itself. */
    private boolean isOwn(Class<?> host) {
        return host.getClassLoader() == agentLoader || host.getName().startsWith(INVOKE_PACKAGE);
    }
}
