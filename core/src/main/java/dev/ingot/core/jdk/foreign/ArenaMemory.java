package dev.ingot.core.jdk.foreign;

import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.jdk.access.HiddenMethod;
import dev.ingot.core.jdk.access.JdkClass;
import dev.ingot.core.jdk.access.Slot;
import dev.ingot.runtime.ForeignObjects;
import java.util.Objects;
import jdk.internal.misc.Unsafe;
import jdk.internal.misc.VM;
import org.jspecify.annotations.Nullable;

/**
 * Memory that an arena has allocated: the object that will release it knows where it is.
 *
 * @param start the first address of what was asked for
 * @param allocated the bytes that were taken for the sake of alignment, before and behind as well
 * @param used the bytes that were asked for
 * @param reserved whether it counts as direct memory of this JVM
 */
record ArenaMemory(long start, long allocated, long used, boolean reserved) {
    /** What releases something when an arena is closed. */
    static final String RELEASE = "jdk.internal.foreign.MemorySessionImpl$ResourceList$ResourceCleanup";

    static final String LIST = "jdk.internal.foreign.MemorySessionImpl$ResourceList";

    static final String BASE = "val$allocationBase";

    private static final Unsafe UNSAFE = Unsafe.getUnsafe();
    /** What the allocator aligns memory to by itself. */
    private static final long ALIGNMENT = 16;

    private static final long PAGE = 4096;

    private static final String ALLOCATED = "val$allocationSize";
    private static final String USED = "val$cleanupByteSize";
    private static final String RESERVED = "val$shouldReserve";

    /** What {@code release} will free; null if that is not memory. */
    static @Nullable ArenaMemory of(Object release) {
        Class<?> type = release.getClass();
        Slot base = Slot.find(type, BASE);
        Slot allocated = Slot.find(type, ALLOCATED);
        Slot used = Slot.find(type, USED);
        Slot reserved = Slot.find(type, RESERVED);
        if (base == null || allocated == null || used == null || reserved == null) {
            return null;
        }
        long alignment = alignment(allocated.getLong(release), used.getLong(release));
        long start = base.getLong(release) + ForeignObjects.shiftOf(release) + alignment - 1;
        return new ArenaMemory(
                start - Math.floorMod(start, alignment),
                allocated.getLong(release),
                used.getLong(release),
                reserved.getBoolean(release));
    }

    /** Whether a segment of {@code length} bytes from {@code address} on lies in it. */
    boolean holds(long address, long length) {
        return address >= start && length >= 0 && address - start <= used - length;
    }

    /**
     * Allocates as much as was allocated at {@code formerStart}, and has {@code release} free it; where it lies, as well aligned as it was.
     * Whatever {@code release} says of that, it counts as direct memory of this JVM: zeros take no room in an image, so nothing else bounds
     * what one could ask for.
     *
     * @throws NotRestorableException if that is more than this JVM may have, or no memory that an arena can have allocated
     */
    static long allocate(Object release, long formerStart) throws NotRestorableException {
        ArenaMemory wanted = Objects.requireNonNull(of(release), "nothing to allocate");
        wanted.requirePossible();
        long alignment = wanted.alignment();
        long base = wanted.allocated(alignment);
        long shift = Math.floorMod(formerStart - base, alignment);
        Slot.of(release.getClass(), BASE).put(release, base);
        Slot.of(release.getClass(), RESERVED).put(release, true);
        if (shift != 0) {
            ForeignObjects.shift(release, shift);
        }
        return base + shift;
    }

    private void requirePossible() throws NotRestorableException {
        if (used <= 0 || allocated < used) {
            throw new NotRestorableException("the image has an arena of " + used + " bytes in " + allocated
                    + "; it is damaged or was not written by Ingot");
        }
        if (used > VM.maxDirectMemory() || allocated - used > VM.maxDirectMemory()) {
            throw tooLarge(null);
        }
    }

    private long allocated(long alignment) throws NotRestorableException {
        try {
            HiddenMethod.of(JdkClass.of("java.nio.Bits"), "reserveMemory", long.class, long.class)
                    .call(null, allocated, used);
            return UNSAFE.allocateMemory(allocated + alignment - ALIGNMENT);
        } catch (OutOfMemoryError full) {
            throw tooLarge(full);
        }
    }

    private NotRestorableException tooLarge(@Nullable Throwable cause) {
        return new NotRestorableException(
                "cannot allocate the " + used + " bytes (" + allocated
                        + " with what aligns them) of an arena: this JVM may have " + VM.maxDirectMemory()
                        + " bytes of direct memory; raise -XX:MaxDirectMemorySize, or -Xmx where that is not set",
                cause);
    }

    /** To what addresses within it may be aligned: as it was asked for, or by whoever has cut it into pieces. */
    private long alignment() {
        return Math.max(alignment(allocated, used), Math.min(Long.highestOneBit(used), PAGE));
    }

    /** What was asked for. */
    private static long alignment(long allocated, long used) {
        return allocated - used < ALIGNMENT ? ALIGNMENT : Long.highestOneBit(allocated - used + ALIGNMENT);
    }
}
