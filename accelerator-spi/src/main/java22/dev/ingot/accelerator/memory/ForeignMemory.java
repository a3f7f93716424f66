package dev.ingot.accelerator.memory;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/**
 * Memory in one piece however large: segments of {@code java.lang.foreign}. Compiled by whatever JDK builds, against stubs of the two types
 * that are used here.
 */
final class ForeignMemory {
    /** Named here, because the JDK that compiles this may not have it. */
    private static final MethodHandle MAP = map();

    private ForeignMemory() {}

    private static MethodHandle map() {
        try {
            return MethodHandles.publicLookup()
                    .findVirtual(
                            FileChannel.class,
                            "map",
                            MethodType.methodType(
                                    MemorySegment.class, FileChannel.MapMode.class, long.class, long.class, Arena.class));
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("java.lang.foreign is another one than expected", e);
        }
    }

    static @Nullable Object map(FileChannel file, long size) throws IOException {
        try {
            return (MemorySegment) MAP.invoke(file, FileChannel.MapMode.READ_WRITE, 0L, size, Arena.ofAuto());
        } catch (IOException | RuntimeException | Error thrown) {
            throw thrown;
        } catch (Throwable impossible) {
            throw new IllegalStateException("cannot map a file", impossible);
        }
    }

    static @Nullable Object of(ByteBuffer buffer) {
        return MemorySegment.ofBuffer(buffer.duplicate().clear());
    }

    static ByteBuffer @Nullable [] parts(Object memory, long bytes) {
        if (!(memory instanceof MemorySegment segment)) {
            return null;
        }
        ByteBuffer[] parts = new ByteBuffer[Math.toIntExact((segment.byteSize() + bytes - 1) / bytes)];
        for (int i = 0; i < parts.length; i++) {
            long from = i * bytes;
            parts[i] = segment.asSlice(from, Math.min(bytes, segment.byteSize() - from))
                    .asByteBuffer();
        }
        return parts;
    }
}
