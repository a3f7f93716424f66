package dev.ingot.agent;

import java.io.File;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.InvocationTargetException;
import java.net.URISyntaxException;
import java.security.CodeSource;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The entry that the JVM calls for {@code -javaagent} and for an agent loaded into a running program.
 *
 * <p>Rules for this class, which sits in the class loader of the program:
 *
 * <ul>
 *   <li>It does as little as possible: find the jar, make the loader that hides Ingot, hand over.
 *   <li>It names no class of Ingot but {@link AgentClassLoader}. All others exist only in that loader, which this class's
 *       own loader cannot see.
 *   <li>It gives nothing to the program: packages of java.base are opened to Ingot's loader, never to the program's.
 *   <li>It uses no lambda, stream or regular expression: they would be most of its time.
 *   <li>It never takes the program down, with one exception: options that cannot be understood end the program before it
 *       starts, because running on would silently leave it without the checkpoints that were asked for.
 * </ul>
 */
public final class IngotAgent {
    private static final int EXIT_BROKEN_OPTIONS = 2;
    private static final int EXIT_NOT_RESUMED = 1;
    private static final int NEWEST_JDK = 25;
    private static final String RESUME = ",resume=";
    private static final String RESUME_IMAGE = ",resume=/";
    private static final String RESUME_NOTHING = ",resume=off";
    private static final String OPTIONS_EXCEPTION = "dev.ingot.agent.OptionsException";

    private static boolean claimed;

    private IngotAgent() {}

    /** Called by the JVM before the program's {@code main}; {@code options} is what follows {@code =}, if anything. */
    public static void premain(@Nullable String options, Instrumentation instrumentation) {
        start(options, instrumentation, true);
    }

    /** Called by the JVM when the agent is loaded into a running program. */
    public static void agentmain(@Nullable String options, Instrumentation instrumentation) {
        start(options, instrumentation, false);
    }

    /** The process beside a program that compresses its images. */
    public static void main(String[] arguments) throws Exception {
        AgentClassLoader loader = new AgentClassLoader(jar());
        Thread.currentThread().setContextClassLoader(loader);
        loader.loadClass("dev.ingot.core.image.SidecarProcess")
                .getMethod("main", String[].class)
                .invoke(null, (Object) arguments);
    }

    private static void start(@Nullable String options, Instrumentation instrumentation, boolean premain) {
        if (!claim()) {
            say("the agent is already in this JVM; this second start is ignored. Name the agent once.");
            if (premain && asks(options, RESUME_IMAGE)) {
                endNotResumed();
            }
            return;
        }
        String unknown = unknown(Runtime.version());
        if (unknown != null) {
            say(unknown);
            endIfToResume(options, premain);
            return;
        }
        try {
            handOver(premain ? "premain" : "agentmain", options, instrumentation);
        } catch (InvocationTargetException failure) {
            give(failure.getCause() == null ? failure : failure.getCause(), options, premain);
        } catch (Throwable failure) {
            give(failure, options, premain);
        }
    }

    /** Why Ingot does not start on {@code jdk}, null where it does. What it cannot know it does not touch. */
    static @Nullable String unknown(Runtime.Version jdk) {
        return jdk.feature() <= NEWEST_JDK
                ? null
                : "cannot start, the program goes on without it: this is JDK " + jdk.feature()
                        + ", and this Ingot knows JDK 17 to " + NEWEST_JDK
                        + "; run the program on one of these, or look for a newer Ingot";
    }

    /** Going on would run the program anew where its image was asked for. */
    private static void endIfToResume(@Nullable String options, boolean premain) {
        if (premain && asks(options, RESUME) && !asks(options, RESUME_NOTHING)) {
            endNotResumed();
        }
    }

    private static boolean asks(@Nullable String options, String setting) {
        return ("," + options).contains(setting);
    }

    private static void endNotResumed() {
        say("it asked to resume an image, so the program is not started");
        Runtime.getRuntime().halt(EXIT_NOT_RESUMED);
    }

    private static synchronized boolean claim() {
        boolean first = !claimed;
        claimed = true;
        return first;
    }

    /** The method called has the parameters of this class's own entries, so that the JVM has its call at hand already. */
    private static void handOver(String method, @Nullable String options, Instrumentation instrumentation)
            throws Exception {
        AgentClassLoader loader = new AgentClassLoader(jar());
        open(instrumentation, "jdk.internal.loader", "jdk.internal.misc", loader.getUnnamedModule());
        Thread thread = Thread.currentThread();
        ClassLoader program = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            loader.loadClass("dev.ingot.agent.HiddenEntry")
                    .getMethod(method, String.class, Instrumentation.class)
                    .invoke(null, options, instrumentation);
        } finally {
            thread.setContextClassLoader(program);
        }
    }

    private static File jar() throws URISyntaxException {
        CodeSource source = IngotAgent.class.getProtectionDomain().getCodeSource();
        if (source == null) {
            throw new IllegalStateException(
                    "cannot tell which jar the agent comes from, because the boot loader defined it;"
                            + " take the agent off -Xbootclasspath and name it in -javaagent alone");
        }
        return new File(source.getLocation().toURI());
    }

    private static void open(Instrumentation instrumentation, String first, String second, Module toModule) {
        Set<Module> to = Set.of(toModule);
        instrumentation.redefineModule(
                Object.class.getModule(), Set.of(), Map.of(), Map.of(first, to, second, to), Set.of(), Map.of());
    }

    private static void give(Throwable failure, @Nullable String options, boolean premain) {
        if (isOptionsError(failure)) {
            say(failure.getMessage());
            if (premain) {
                System.exit(EXIT_BROKEN_OPTIONS);
            }
            return;
        }
        say("cannot start, the program goes on without it: " + failure);
        endIfToResume(options, premain);
    }

    private static boolean isOptionsError(Throwable failure) {
        return failure.getClass().getName().equals(OPTIONS_EXCEPTION);
    }

    private static void say(@Nullable String message) {
        System.err.println("ingot: " + message);
    }
}
