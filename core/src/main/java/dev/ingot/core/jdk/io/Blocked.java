package dev.ingot.core.jdk.io;

import dev.ingot.core.jdk.access.Slot;
import java.util.Set;

/**
 * The fields in which a socket or channel notes the thread that blocks in it, so that one that closes it can wake the other. A
 * native thread has another id in a fresh JVM and polls in turns after a resume; a virtual thread has none, and the note says only that it is one.
 */
final class Blocked {
    private static final Set<String> FIELDS = Set.of("thread", "readerThread", "writerThread");
    private static final long VIRTUAL = -1;

    private Blocked() {}

    /** Adds the names of those fields that mean nothing in another process. */
    static void addNative(Object channel, Set<String> names) {
        for (String field : FIELDS) {
            Slot slot = Slot.find(channel.getClass(), field);
            if (slot == null || slot.type() != long.class || slot.getLong(channel) != VIRTUAL) {
                names.add(field);
            }
        }
    }
}
