package dev.ingot.core.control;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a process does on request. {@link #checkpoint} and {@link #suspend} are called on threads of their own, one of each at a time; the
 * other methods, but for {@link #company}, may be called at any time on the server's thread and must not block.
 */
public interface ControlCommands {

    ProcessStatus status();

    /**
     * Writes an image; the program goes on.
     *
     * @param images the store to write to, absolute; null for the process's own
     * @param more whether another image is to follow soon, which then is to say only what has changed
     * @throws ControlException if no image was written; the program goes on then, too
     */
    TakenImage checkpoint(@Nullable Path images, boolean more, ProgressListener progress) throws ControlException;

    /**
     * Writes an image, after one that is being written, and leaves the program stopped. {@link #exitSuspended} follows once the caller has its answer.
     *
     * @throws ControlException if no image was written; the program goes on then
     */
    TakenImage suspend(@Nullable Path images, ProgressListener progress) throws ControlException;

    /** Ends the process with {@link ControlServer#SUSPENDED_EXIT_CODE}, without running shutdown hooks. Does not return. */
    void exitSuspended();

    /** Asks the checkpoint or suspend that is under way to give up; does nothing if there is none or it is too late. */
    void cancel();

    /**
     * Tells the program which copies of its gang run now. Called on a thread of its own.
     *
     * @param running as in {@link Company#PROPERTY}
     */
    void company(String running);

    /** Told once if the process cannot be reached from outside; it goes on without. */
    void unreachable(ControlException reason);
}
