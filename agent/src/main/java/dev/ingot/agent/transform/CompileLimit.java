package dev.ingot.agent.transform;

import dev.ingot.agent.log.AgentLog;
import dev.ingot.core.jvm.HotSpotFlags;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * HotSpot's rule that methods of more than 8,000 bytes are not compiled. It is lifted when capture code first makes a method
 * larger than that, so that weaving never takes a method's compilation away. Thread-safe.
 */
public final class CompileLimit {
    private static final String FLAG = "DontCompileHugeMethods";

    private final AgentLog log;
    private final AtomicBoolean met = new AtomicBoolean();

    public CompileLimit(AgentLog log) {
        this.log = log;
    }

    /** Has methods of any size compiled from now on, because {@code className} has one that was small enough before. */
    void lift(String className) {
        if (!met.compareAndSet(false, true)) {
            return;
        }
        if (HotSpotFlags.set(FLAG, false)) {
            log.debug("methods of any size are compiled from here on, for the sake of " + className);
        } else {
            log.warn("a method of " + className + " has become too large for this JVM to compile it and may be slow;"
                    + " start the program with -XX:-" + FLAG);
        }
    }
}
