package dev.ingot.agent.checkpoint;

import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.jdk.concurrent.IdleWorkers;
import dev.ingot.core.jdk.lang.ThreadState;
import dev.ingot.runtime.StackTranslation;
import dev.ingot.runtime.ThreadRecord;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The root of an image's heap: everything of a program that is not a static field.
 *
 * @param threads the stacks
 * @param mainThread state of the main thread, whose object a fresh JVM has already
 * @param jdk what the JVM keeps for the program
 * @param streams the standard streams
 * @param control the library's participants
 * @param nanoTime of the program's clock
 * @param libraries the native libraries
 */
@SuppressWarnings("ArrayRecordComponent") // Parts of the graph as they are; no two states are ever compared.
record ProgramState(
        List<ThreadRecord> threads,
        Object[] mainThread,
        Object jdk,
        Object[] streams,
        @Nullable Object[] control,
        long nanoTime,
        Object[] libraries) {

    /** The name under which the main thread is external to every image. */
    static final String MAIN_THREAD = "main thread";

    /**
     * The same with stacks that this JVM can build.
     *
     * @param captured the feature version of the JDK it was captured on
     * @throws NotRestorableException if a thread that cannot go on here is needed
     */
    ProgramState onThisJdk(int captured) throws NotRestorableException {
        StackTranslation translation =
                new StackTranslation(threads, captured != Runtime.version().feature());
        translation.released().forEach(ThreadState::end);
        for (Object worker : translation.releasedWorkers()) {
            IdleWorkers.release(worker);
        }
        return new ProgramState(translation.threads(), mainThread, jdk, streams, control, nanoTime, libraries);
    }

    /** The state as an array: no class of Ingot's own loader may lie in the graph. */
    Object toGraph() {
        return new Object[] {
            threads.toArray(new ThreadRecord[0]), mainThread, jdk, streams, control, nanoTime, libraries
        };
    }

    /** @throws ClassCastException if the graph does not have this form */
    static ProgramState fromGraph(Object graph) {
        Object[] parts = (Object[]) graph;
        return new ProgramState(
                List.of((ThreadRecord[]) parts[0]),
                (Object[]) parts[1],
                parts[2],
                (Object[]) parts[3],
                (Object[]) parts[4],
                (Long) parts[5],
                (Object[]) parts[6]);
    }
}
