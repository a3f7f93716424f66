package dev.ingot.agent.checkpoint;

import dev.ingot.core.heap.PathNames;
import dev.ingot.runtime.FrameRecord;
import dev.ingot.runtime.ThreadRecord;
import org.jspecify.annotations.Nullable;

/** Names threads and frames in the path to an object that an image cannot carry. */
final class StackNames implements PathNames {

    /** A step that the next one says more about. */
    private static final String LEFT_OUT = "";

    @Override
    public @Nullable String name(Object holder, String step) {
        if (holder instanceof ThreadRecord[] || holder instanceof FrameRecord[] || isRoot(holder)) {
            return LEFT_OUT;
        }
        if (holder instanceof ThreadRecord thread) {
            return step.equals("frames")
                    ? "stack of thread \"" + thread.thread().getName() + "\""
                    : null;
        }
        if (holder instanceof FrameRecord frame) {
            return switch (step) {
                case "references" -> "local of " + Summaries.lineOf(frame);
                case "receiver" -> "this of " + Summaries.lineOf(frame);
                default -> null;
            };
        }
        return null;
    }

    /** The array that begins with all threads; paths through other parts of the state have names of their own. */
    private static boolean isRoot(Object holder) {
        return holder instanceof Object[] state && state.length > 0 && state[0] instanceof ThreadRecord[];
    }
}
