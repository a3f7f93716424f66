package dev.ingot.runtime;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Stacks that were captured in a JVM whose JDK may be of another version, as this one can build them. */
public final class StackTranslation {
    private StackTranslation() {}

    /**
     * The same stacks with frames of this JVM's JDK. What {@link Thread} does before a thread's task differs between versions and
     * keeps nothing: where it does, its frames are left out, and the thread runs this JVM's own on its way to the task. A frame of
     * another method whose code differs is put at the same {@linkplain ClassSites.MethodSites#landmarks landmark}, if it has one.
     */
    public static List<ThreadRecord> translated(List<ThreadRecord> threads) {
        List<ThreadRecord> translated = new ArrayList<>(threads.size());
        for (ThreadRecord thread : threads) {
            translated.add(translated(withoutStart(thread)));
        }
        return translated;
    }

    private static ThreadRecord withoutStart(ThreadRecord thread) {
        int starting = 0;
        boolean changed = false;
        while (starting < thread.depth() - 1 && startsTask(thread.frame(starting))) {
            changed |= !isUnchanged(thread.frame(starting));
            starting++;
        }
        return changed ? thread.without(starting) : thread;
    }

    private static boolean startsTask(FrameRecord frame) {
        return frame.owner() == Thread.class
                && (frame.method().equals("run()V")
                        || frame.method().equals("runWith(Ljava/lang/Object;Ljava/lang/Runnable;)V"));
    }

    private static ThreadRecord translated(ThreadRecord thread) {
        FrameRecord[] frames = null;
        for (int i = 0; i < thread.depth(); i++) {
            FrameRecord translated = translated(thread.frame(i));
            if (translated != null) {
                frames = frames == null ? thread.frames() : frames;
                frames[i] = translated;
            }
        }
        return frames == null ? thread : thread.with(frames);
    }

    /** Null if the frame can be built as it is, or not at all. */
    private static @Nullable FrameRecord translated(FrameRecord frame) {
        if (!frame.hasLandmark() || isUnchanged(frame)) {
            return null;
        }
        ClassSites.MethodSites here = sitesOf(frame);
        return here == null ? null : frame.in(here);
    }

    /** The methods on these stacks whose code in this JVM is not the code they were captured in, as {@code class.method}. */
    public static List<String> changedMethods(List<ThreadRecord> threads) {
        List<String> changed = new ArrayList<>();
        for (ThreadRecord thread : threads) {
            for (FrameRecord frame : thread.frames()) {
                if (frame.owner() != Leaves.class && !isUnchanged(frame)) {
                    changed.add(frame.owner().getName() + "." + frame.method());
                }
            }
        }
        return changed;
    }

    private static boolean isUnchanged(FrameRecord frame) {
        ClassSites.MethodSites here = sitesOf(frame);
        return here != null && frame.site() < here.callees.length && here.bodyHash == frame.bodyHash();
    }

    private static ClassSites.@Nullable MethodSites sitesOf(FrameRecord frame) {
        ClassSites sites = SiteTable.find(frame.owner());
        return sites == null ? null : sites.find(frame.method());
    }
}
