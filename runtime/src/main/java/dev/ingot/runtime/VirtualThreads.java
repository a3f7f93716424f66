package dev.ingot.runtime;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The virtual threads of newer JDKs, none of which can be captured: a checkpoint waits until there are none.
 *
 * <p>Asked by the coordinator only.
 */
final class VirtualThreads {
    private static final String TYPE = "java.lang.VirtualThread";
    private static final String BOUND_TYPE = "java.lang.ThreadBuilders$BoundVirtualThread";
    private static final @Nullable Containers CONTAINERS = containers();

    private VirtualThreads() {}

    /** How the JDK groups its threads. */
    private record Containers(MethodHandle root, MethodHandle threads, MethodHandle children) {}

    static boolean isVirtual(Thread thread) {
        String type = thread.getClass().getName();
        return type.equals(TYPE) || type.equals(BOUND_TYPE);
    }

    /** A pin that stands for all live virtual threads, or {@code null} if there are none. */
    static @Nullable Pin pin() {
        if (CONTAINERS == null) {
            return null;
        }
        Census census = new Census();
        try {
            census.countIn(CONTAINERS, CONTAINERS.root.invoke());
        } catch (Throwable e) {
            if (e instanceof Error error) {
                throw error;
            }
            throw new IllegalStateException("cannot list the virtual threads", e);
        }
        Thread first = census.first;
        if (first == null) {
            return null;
        }
        String name = first.getName().isEmpty() ? "virtual #" + first.getId() : first.getName();
        String detail = census.count == 1 ? null : "one of " + census.count + " virtual threads";
        return new Pin(name, PinReason.VIRTUAL_THREAD, null, detail);
    }

    private static final class Census {
        @Nullable Thread first;

        int count;

        void countIn(Containers containers, Object container) throws Throwable {
            for (Object thread : ((Stream<?>) containers.threads.invoke(container)).toArray()) {
                if (isVirtual((Thread) thread)) {
                    first = first == null ? (Thread) thread : first;
                    count++;
                }
            }
            for (Object child : ((Stream<?>) containers.children.invoke(container)).toArray()) {
                countIn(containers, child);
            }
        }
    }

    /** Null on a JDK that has no virtual threads. */
    private static @Nullable Containers containers() {
        try {
            Class.forName(TYPE, false, null);
        } catch (ClassNotFoundException e) {
            return null;
        }
        try {
            Class<?> all = Class.forName("jdk.internal.vm.ThreadContainers");
            Class<?> container = Class.forName("jdk.internal.vm.ThreadContainer");
            MethodHandles.Lookup lookup = MethodHandles.privateLookupIn(container, MethodHandles.lookup());
            return new Containers(
                    lookup.findStatic(all, "root", MethodType.methodType(container)),
                    lookup.findVirtual(container, "threads", MethodType.methodType(Stream.class)),
                    lookup.findVirtual(container, "children", MethodType.methodType(Stream.class)));
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
