package dev.ingot.agent.weave;

import java.util.List;
import java.util.Set;

/**
 * Methods of libraries that hold addresses of native memory in their locals while they read or write it. Such an address is a number
 * like any other, so nothing could tell after a resume that it has to follow its memory; no thread is captured in these methods.
 * They are short, and call nobody who waits but an {@code InputStream} or a {@code CharSequence} of the program's own.
 */
final class NativeAddresses {
    private static final Set<String> CLASSES = Set.of(
            "io/netty/buffer/UnsafeByteBufUtil",
            "io/netty/util/internal/PlatformDependent",
            "io/netty/util/internal/PlatformDependent0",
            "org/agrona/AbstractMutableDirectBuffer",
            "org/agrona/ExpandableDirectByteBuffer",
            "org/agrona/concurrent/UnsafeBuffer");

    private static final String BUFFER_UTILITIES = "io/netty/buffer/ByteBufUtil";
    private static final String UNSAFE = "unsafe";
    /** Where the libraries lie, perhaps below a package of another one that has moved them there. */
    private static final List<String> LIBRARIES = List.of("io/netty/", "org/agrona/");

    private NativeAddresses() {}

    /** Whether no thread may be captured in this method. */
    static boolean areHeldBy(String owner, String method) {
        for (String library : LIBRARIES) {
            int start = owner.indexOf(library);
            if (start == 0 || (start > 0 && owner.charAt(start - 1) == '/')) {
                String name = owner.substring(start);
                return CLASSES.contains(name) || (name.equals(BUFFER_UTILITIES) && method.startsWith(UNSAFE));
            }
        }
        return false;
    }
}
