package dev.ingot.agent.transform;

import dev.ingot.agent.log.AgentLog;
import dev.ingot.agent.weave.WeaveRequest;
import dev.ingot.agent.weave.Weaver;
import dev.ingot.agent.weave.WovenClass;
import dev.ingot.core.crac.CracBridge;
import dev.ingot.runtime.SiteTable;
import java.io.IOException;
import java.io.InputStream;

/**
 * The package {@code jdk.crac}, given to programs that look for it.
 *
 * <p>Its classes are woven before they are defined: this happens inside a transformer, where the JVM asks no transformer. They
 * are resumable from the start, because weaving them again would weave what is woven.
 */
public final class Coordination {
    private final AgentLog log;

    /** Made when it is needed, which for most programs is never. */
    private static final class Bridge {
        static final CracBridge INSTANCE = new CracBridge(Coordination::woven);

        private Bridge() {}
    }

    public Coordination(AgentLog log) {
        this.log = log;
    }

    /** Whether a class, named with dots, needs {@link #plant} to have been called before it is restored. */
    public static boolean isNeededBy(String className) {
        return CracBridge.isNeededBy(className.replace('.', '/'));
    }

    /** Defines the package unless the JVM has it. If that fails the program finds none, as without Ingot. */
    public void plant() {
        try {
            Bridge.INSTANCE.plant();
        } catch (IOException | RuntimeException | LinkageError failure) {
            log.error("cannot give the program jdk.crac; its checkpoint hooks will not be called", failure);
        }
    }

    private static byte[] woven(String name) throws IOException {
        byte[] classFile = read(name);
        WovenClass woven = new Weaver(new ResourceHierarchy(null, classFile)).weave(classFile, WeaveRequest.HIDDEN);
        if (woven == null) {
            return classFile;
        }
        SiteTable.put(null, name.replace('/', '.'), woven.sites());
        return woven.bytes();
    }

    private static byte[] read(String name) throws IOException {
        String resource = "runtime/" + name + ".classdata";
        try (InputStream stream = Coordination.class.getClassLoader().getResourceAsStream(resource)) {
            if (stream == null) {
                throw new IOException("cannot find " + resource + " in the agent's jar; build it again");
            }
            return stream.readAllBytes();
        }
    }
}
