package dev.ingot.runtime;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Frames of {@link java.security.AccessController}. Up to JDK 23 its public methods call a private one, which runs the action; since then they run it
 * themselves. What an action may do the JVM finds out by these frames only where there is a security manager, which Ingot does not run with.
 */
final class PrivilegedFrames {
    private static final String OWNER = "java.security.AccessController";
    private static final int RUN = ClassSites.calleeHash("run()Ljava/lang/Object;");

    private static final List<String> PRIVATE = List.of(
            "executePrivileged(Ljava/security/PrivilegedAction;Ljava/security/AccessControlContext;Ljava/lang/Class;)Ljava/lang/Object;",
            "executePrivileged(Ljava/security/PrivilegedExceptionAction;Ljava/security/AccessControlContext;Ljava/lang/Class;)Ljava/lang/Object;");

    private PrivilegedFrames() {}

    static boolean has(FrameRecord frame) {
        return frame.owner().getName().equals(OWNER);
    }

    /** The thread with these frames as this JVM has them; the same thread where it has them so already, or cannot have them. */
    static ThreadRecord translated(ThreadRecord thread) {
        List<FrameRecord> frames = new ArrayList<>();
        boolean changed = false;
        int next = 0;
        while (next < thread.depth()) {
            int end = next;
            while (end < thread.depth() && has(thread.frame(end))) {
                end++;
            }
            List<FrameRecord> here = end == next ? null : translated(thread, next, end);
            end = Math.max(end, next + 1);
            for (int i = next; i < end && here == null; i++) {
                frames.add(thread.frame(i));
            }
            if (here != null) {
                frames.addAll(here);
                changed = true;
            }
            next = end;
        }
        return changed ? thread.with(frames.toArray(new FrameRecord[0])) : thread;
    }

    /** What stands for the frames from {@code from} to before {@code to}, all of them of the class; null if they can stay, or have no counterpart. */
    private static @Nullable List<FrameRecord> translated(ThreadRecord thread, int from, int to) {
        FrameRecord first = thread.frame(from);
        ClassSites sites = SiteTable.find(first.owner());
        ClassSites.MethodSites method = sites == null ? null : sites.find(first.method());
        if (sites == null || method == null || method.bodyHash == first.bodyHash()) {
            return null;
        }
        int running = method.siteCalling(RUN);
        if (running >= 0) {
            FrameRecord only = first.at(method, running);
            return only == null ? null : List.of(only);
        }
        return to == from + 1 && from > 0
                ? behindPrivate(sites, method, first, thread.frame(from - 1).owner())
                : null;
    }

    private static @Nullable List<FrameRecord> behindPrivate(
            ClassSites sites, ClassSites.MethodSites method, FrameRecord first, Class<?> caller) {
        for (String name : PRIVATE) {
            ClassSites.MethodSites within = sites.find(name);
            int calling = method.siteCalling(ClassSites.calleeHash(name));
            if (calling >= 0 && within != null) {
                FrameRecord outer = first.at(method, calling);
                Object action = first.reference(first.referenceCount() - 1);
                // Without a context nothing is limited, and nobody limits anything here.
                FrameRecord inner = first.above(within, within.siteCalling(RUN), caller, null, action);
                return outer == null || inner == null ? null : List.of(outer, inner);
            }
        }
        return null;
    }
}
