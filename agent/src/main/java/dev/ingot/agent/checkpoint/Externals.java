package dev.ingot.agent.checkpoint;

import dev.ingot.core.heap.ExternalObjects;
import org.jspecify.annotations.Nullable;

/** The objects of this JVM that images name, gathered at the first image: most programs never take one. Thread-safe. */
final class Externals {
    private final ExternalObjects.Origin origin = ExternalObjects.Origin.ofThisJvm();
    private final Thread mainThread;
    private @Nullable ExternalObjects objects;

    /** Made before the program starts. */
    Externals(Thread mainThread) {
        this.mainThread = mainThread;
    }

    synchronized ExternalObjects get() {
        ExternalObjects known = objects;
        if (known == null) {
            known = ExternalObjects.of(origin);
            known.register(ProgramState.MAIN_THREAD, mainThread);
            objects = known;
        }
        return known;
    }
}
