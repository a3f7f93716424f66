package dev.ingot.runtime;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Listings of directories that are in progress. The kernel tells nobody how far one has got, so a checkpoint reads the rest of it;
 * whoever goes on with the listing, in this JVM or another one, gets the names from here.
 *
 * <p>Thread-safe. The JDK uses one listing by one thread at a time.
 */
public final class Listings {
    /** By the address of the listing, what is left of it; guarded by itself. */
    private static final Map<Long, ArrayDeque<byte[]>> REST = new HashMap<>();

    /** Whether {@link #REST} has ever held anything, which it is not locked to learn. */
    private static volatile boolean used;

    private Listings() {}

    /** The next name of a listing, or null at its end; stands in for the JDK's native call of this name. */
    public static byte @Nullable [] readdir(long listing) {
        if (used) {
            synchronized (REST) {
                ArrayDeque<byte[]> rest = REST.get(listing);
                if (rest != null) {
                    return rest.poll();
                }
            }
        }
        return next(listing);
    }

    /** Ends a listing; stands in for the JDK's native call of this name. */
    public static void closedir(long listing) {
        if (used) {
            synchronized (REST) {
                REST.remove(listing);
            }
        }
        try {
            Native.CLOSE.invokeExact(listing);
        } catch (Throwable failure) {
            throw Listings.<RuntimeException>asIs(failure);
        }
    }

    /** What is left of a listing that no thread uses; it stays to be read. */
    public static byte[][] rest(long listing) {
        synchronized (REST) {
            ArrayDeque<byte[]> rest = REST.get(listing);
            if (rest == null) {
                rest = new ArrayDeque<>();
                for (byte[] name = next(listing); name != null; name = next(listing)) {
                    rest.add(name);
                }
                put(listing, rest);
            }
            return rest.toArray(new byte[0][]);
        }
    }

    /** Has a listing that was just begun be what is left of another one. */
    public static void goOn(long listing, byte[][] rest) {
        ArrayDeque<byte[]> names = new ArrayDeque<>();
        for (byte[] name : rest) {
            names.add(name);
        }
        synchronized (REST) {
            put(listing, names);
        }
    }

    private static void put(long listing, ArrayDeque<byte[]> names) {
        REST.put(listing, names);
        used = true;
    }

    private static byte @Nullable [] next(long listing) {
        try {
            return (byte[]) Native.READ.invokeExact(listing);
        } catch (Throwable failure) {
            throw Listings.<RuntimeException>asIs(failure);
        }
    }

    /** The checked exception of the native call is one that its callers expect. */
    @SuppressWarnings("unchecked")
    private static <E extends Throwable> RuntimeException asIs(Throwable failure) throws E {
        throw (E) failure;
    }

    private static final class Native {
        private static final String HOLDER = "sun.nio.fs.UnixNativeDispatcher";
        static final MethodHandle READ = find("readdir", MethodType.methodType(byte[].class, long.class));
        static final MethodHandle CLOSE = find("closedir", MethodType.methodType(void.class, long.class));

        private Native() {}

        private static MethodHandle find(String name, MethodType type) {
            try {
                Class<?> owner = Class.forName(HOLDER, true, null);
                return MethodHandles.privateLookupIn(owner, MethodHandles.lookup())
                        .findStatic(owner, name, type);
            } catch (ReflectiveOperationException e) {
                throw new ExceptionInInitializerError(e);
            }
        }
    }
}
