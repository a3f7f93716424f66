package dev.ingot.runtime;

import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One look at the current thread's stack that tells whether the frame that was rebuilt last calls the next one.
 *
 * <p>Between the two other code can run: a call in a fresh JVM, or in a method that was retransformed, may have to be linked first,
 * for which the JVM calls class loaders and bootstrap methods. What these call are calls of their own, also where it is the very
 * method that is to be rebuilt next.
 */
final class RebuiltCaller
        implements Predicate<StackWalker.StackFrame>, Function<Stream<StackWalker.StackFrame>, Boolean> {
    private static final StackWalker WALKER = StackWalker.getInstance(
            Set.of(StackWalker.Option.RETAIN_CLASS_REFERENCE, StackWalker.Option.SHOW_HIDDEN_FRAMES));
    private static final String RUNTIME_PREFIX = "dev.ingot.runtime.";
    private static final String INVOKE_PREFIX = "java.lang.invoke.";
    /** What the JVM calls to link a call. */
    private static final String LINKER = "java.lang.invoke.MethodHandleNatives";

    private static final String REFLECT_PREFIX = "jdk.internal.reflect.";

    private final FrameRecord caller;
    /** The method that asks, until its frame is found; null if the runtime asks for itself. */
    private @Nullable FrameRecord asking;

    private boolean found;
    private boolean counts;
    private int frames;

    private RebuiltCaller(FrameRecord caller, @Nullable FrameRecord asking) {
        this.caller = caller;
        this.asking = asking;
    }

    /**
     * Whether the caller's frame, and not one of another call of its method, called {@code asking}.
     *
     * @param slot of the current thread
     * @param asking the frame whose method has just been entered; null if the runtime stands directly above the caller
     */
    static boolean leadsHere(ThreadSlot slot, @Nullable FrameRecord asking) {
        FrameRecord caller = slot.lastRebuilt();
        if (caller == null) {
            return true;
        }
        if (slot.busy) {
            // The walk below runs methods of the JDK that may be woven.
            return false;
        }
        slot.busy = true;
        try {
            RebuiltCaller look = new RebuiltCaller(caller, asking);
            WALKER.walk(look);
            return look.found && (!slot.callerEnteredAgain() || look.countsAs(slot.rebuiltFramesOf(caller)));
        } finally {
            slot.busy = false;
        }
    }

    private boolean countsAs(int expected) {
        counts = true;
        WALKER.walk(this);
        return frames == expected;
    }

    @Override
    public Boolean apply(Stream<StackWalker.StackFrame> stack) {
        return stack.allMatch(this);
    }

    /** Whether to look further down the stack. */
    @Override
    public boolean test(StackWalker.StackFrame frame) {
        if (counts) {
            frames += isOf(frame, caller) ? 1 : 0;
            return true;
        }
        String owner = frame.getClassName();
        if (owner.startsWith(RUNTIME_PREFIX) || forwards(frame, owner)) {
            return true;
        }
        FrameRecord asked = asking;
        if (asked != null && isOf(frame, asked)) {
            asking = null;
            return true;
        }
        found = asked == null && isOf(frame, caller) && isAtItsSite(frame);
        return false;
    }

    /** Whether the caller stands at the call at which it was captured; one elsewhere has gone on without being rebuilt. */
    private boolean isAtItsSite(StackWalker.StackFrame frame) {
        ClassSites sites = SiteTable.find(caller.owner());
        ClassSites.MethodSites method = sites == null ? null : sites.find(caller.method());
        if (sites == null || method == null) {
            return false;
        }
        int position = frame.getByteCodeIndex();
        if (method.siteAt(position) == caller.site()) {
            return true;
        }
        if (!sites.mayBeOld()) {
            return false;
        }
        // A thread's first method waits in the version in which it was captured; where versions differ, nothing can be
        // told.
        int site = sites.siteInAnyVersion(caller.method(), position);
        return site < 0 || site == caller.site();
    }

    private static boolean forwards(StackWalker.StackFrame frame, String owner) {
        if (owner.startsWith(REFLECT_PREFIX)) {
            // Other methods make what is called.
            String method = frame.getMethodName();
            return method.startsWith("invoke") || method.startsWith("newInstance");
        }
        return owner.startsWith(INVOKE_PREFIX) && !owner.equals(LINKER);
    }

    private static boolean isOf(StackWalker.StackFrame frame, FrameRecord record) {
        return frame.getDeclaringClass() == record.owner()
                && record.method().startsWith(frame.getMethodName())
                && record.method().equals(frame.getMethodName() + frame.getDescriptor());
    }
}
