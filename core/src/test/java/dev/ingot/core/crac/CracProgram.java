package dev.ingot.core.crac;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import org.crac.CheckpointException;
import org.crac.Context;
import org.crac.Core;
import org.crac.Resource;
import org.crac.RestoreException;

/** A program that uses org.crac. It runs in a class loader of its own, beside one of the versions of that library. */
public final class CracProgram {
    private static final List<String> CALLS = new ArrayList<>();
    private static final List<Resource> HELD = new ArrayList<>();

    private CracProgram() {}

    /** What happened, one line each. */
    public static List<String> calls() {
        return CALLS;
    }

    public static void register(String name) {
        hold(new Recording(name));
    }

    public static void registerVetoing(String name) {
        hold(new Recording(name) {
            @Override
            public void beforeCheckpoint(Context<? extends Resource> context) throws Exception {
                super.beforeCheckpoint(context);
                throw new IllegalStateException(name + " is busy");
            }
        });
    }

    public static void registerFailingAfter(String name) {
        hold(new Recording(name) {
            @Override
            public void afterRestore(Context<? extends Resource> context) throws Exception {
                super.afterRestore(context);
                throw new IllegalStateException(name + " cannot reconnect");
            }
        });
    }

    /** A context within the global one, with two resources. */
    public static void registerNested(String name) {
        var nested = new Nested(name);
        nested.register(new Recording(name + ".1"));
        nested.register(new Recording(name + ".2"));
        hold(nested);
    }

    /** A resource that the program drops at once. */
    public static WeakReference<Object> registerDropped() {
        var dropped = new Recording("dropped");
        Core.getGlobalContext().register(dropped);
        return new WeakReference<>(dropped);
    }

    /** A resource whose methods, but for the hash that org.crac itself asks for, must not be called. */
    public static void registerUntouchable(String name) {
        hold(new Recording(name) {
            @Override
            public boolean equals(Object other) {
                throw new AssertionError("equals called");
            }

            @Override
            public int hashCode() {
                return System.identityHashCode(this);
            }

            @Override
            public String toString() {
                throw new AssertionError("toString called");
            }
        });
    }

    private static void hold(Resource resource) {
        HELD.add(resource);
        Core.getGlobalContext().register(resource);
    }

    /** Requests a checkpoint and writes down how it ended. */
    public static void checkpoint() {
        try {
            Core.checkpointRestore();
            CALLS.add("returned");
        } catch (CheckpointException e) {
            CALLS.add("not checkpointed:" + suppressed(e));
        } catch (RestoreException e) {
            CALLS.add("not restored:" + suppressed(e));
        } catch (UnsupportedOperationException e) {
            CALLS.add("unsupported");
        }
    }

    private static String suppressed(Exception exception) {
        var messages = new StringBuilder();
        for (Throwable failure : exception.getSuppressed()) {
            messages.append(' ').append(failure.getMessage()).append(';');
        }
        return messages.toString();
    }

    private static class Recording implements Resource {
        private final String name;

        Recording(String name) {
            this.name = name;
        }

        @Override
        public void beforeCheckpoint(Context<? extends Resource> context) throws Exception {
            CALLS.add("before " + name);
        }

        @Override
        public void afterRestore(Context<? extends Resource> context) throws Exception {
            CALLS.add("after " + name);
        }
    }

    private static final class Nested extends Context<Resource> {
        private final String name;
        private final List<Resource> resources = new ArrayList<>();

        Nested(String name) {
            this.name = name;
        }

        @Override
        public void register(Resource resource) {
            resources.add(resource);
        }

        @Override
        public void beforeCheckpoint(Context<? extends Resource> context) throws CheckpointException {
            CALLS.add("before " + name);
            for (int i = resources.size() - 1; i >= 0; i--) {
                try {
                    resources.get(i).beforeCheckpoint(this);
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }
        }

        @Override
        public void afterRestore(Context<? extends Resource> context) throws RestoreException {
            for (Resource resource : resources) {
                try {
                    resource.afterRestore(this);
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }
            CALLS.add("after " + name);
        }
    }
}
