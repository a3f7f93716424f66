package dev.ingot.accelerator.memory;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/**
 * Memory in one piece however large, for which JDKs have a type from 22 on: {@code java.lang.foreign.MemorySegment}. This class is for JDKs
 * that have none; the jar has another one for those that do, in {@code META-INF/versions/22}, from {@code src/main/java22}.
 */
final class ForeignMemory {

    private ForeignMemory() {}

    /** The content of a file; null where it cannot be had in one piece. */
    static @Nullable Object map(FileChannel file, long size) {
        return null;
    }

    /** The same memory as a buffer's, from its first byte to its last; null where there is no type for it. */
    static @Nullable Object of(ByteBuffer buffer) {
        return null;
    }

    /** The memory in parts of so many bytes, the last one as short as it is; null if this is no memory. */
    static ByteBuffer @Nullable [] parts(Object memory, long bytes) {
        return null;
    }
}
