package dev.ingot.node;

import dev.ingot.scheduler.pool.Probe;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Looks after one thing of a node. One thread looks at a time. */
interface SelfProbe {
    Probe kind();

    /**
     * Looks now, for as long as that takes.
     *
     * @return what speaks against the node; null if nothing does
     * @throws IOException if it cannot look
     */
    @Nullable String look() throws IOException;
}
