package dev.ingot.agent.transform;

import dev.ingot.agent.log.AgentLog;
import dev.ingot.agent.thread.AgentThreads;
import dev.ingot.core.jvm.CompilerDirectives;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How the JVM compiles the weaver: quickly, and not again with all its optimizations. Those take several times what they save, since
 * most programs load their classes once and at their start, when the compilers are wanted for the program.
 *
 * <p>A start that finds its classes in the cache weaves a handful and pays nothing for this. Thread-safe.
 */
final class WeaverCompilation {
    /** Classes. More than a start weaves that finds a cache, fewer than make the weaver hot. */
    private static final int BEGINS_AT = 20;

    private static final String DIRECTIVES = """
            [{
              match: ["dev/ingot/agent/asm/*.*", "dev/ingot/agent/transform/*.*", "dev/ingot/agent/weave/*.*"],
              c2: { Exclude: true }
            }]
            """;

    private final AgentLog log;
    private final AtomicInteger woven = new AtomicInteger();

    WeaverCompilation(AgentLog log) {
        this.log = log;
    }

    /** Notes that a class has been woven, not found in a cache. */
    void wove() {
        if (woven.incrementAndGet() == BEGINS_AT) {
            // In a thread of its own: the one that weaves is loading a class, and the JDK's beans are more of them.
            AgentThreads.start("compilation", new Directing());
        }
    }

    /** Runs {@code task} while nothing of this is at work. */
    void runApart(Runnable task) {
        synchronized (woven) {
            task.run();
        }
    }

    private final class Directing implements Runnable {
        @Override
        public void run() {
            // Nothing else in this thread before: whoever runs apart wants no method types to be made.
            synchronized (woven) {
                direct();
            }
        }

        private void direct() {
            try {
                CompilerDirectives.add(DIRECTIVES);
            } catch (IOException | RuntimeException refused) {
                log.debug("the weaver is compiled as everything else, which costs a first start", refused);
            }
        }
    }
}
