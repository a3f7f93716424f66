package dev.ingot.core.jdk.foreign;

import dev.ingot.core.heap.NotCapturableException;
import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.jdk.access.JdkClass;
import dev.ingot.core.jdk.access.Slot;
import dev.ingot.core.jdk.io.FieldState;
import dev.ingot.core.jdk.io.LibraryAddresses;
import dev.ingot.core.jdk.io.MemoryContent;
import dev.ingot.runtime.ForeignObjects;
import java.util.Objects;
import java.util.Set;
import jdk.internal.misc.Unsafe;
import org.jspecify.annotations.Nullable;

/**
 * What an arena has to release when it is closed. Memory is carried with its content and allocated anew; libraries and mapped files
 * have codecs of their own.
 */
final class ReleaseCodec implements ObjectCodec<Object> {
    private static final Unsafe UNSAFE = Unsafe.getUnsafe();

    /** Above are no addresses of a process, and below is nothing that native code allocates. */
    private static final int ADDRESS_BITS = 47;

    private static final int SMALLEST_ADDRESS_BITS = 32;

    private static final int FIELDS = 0;
    private static final int FORMER_START = 1;
    private static final int CONTENT = 2;
    private static final int GLOBAL = 3;

    private final LibraryAddresses addresses = new LibraryAddresses();

    @Override
    public boolean accepts(Class<?> type) {
        return JdkClass.isSubtype(type, ArenaMemory.RELEASE);
    }

    @Override
    public @Nullable Object[] capture(Object release) throws NotCapturableException {
        ArenaMemory memory = ArenaMemory.of(release);
        if (memory == null) {
            requireKnown(release);
            return new @Nullable Object[] {FieldState.capture(release, Set.of()), 0L, null, false};
        }
        requireNoAddresses(memory);
        return new @Nullable Object[] {
            FieldState.capture(release, Set.of(ArenaMemory.BASE)),
            memory.start(),
            MemoryContent.read(memory.start(), memory.used()),
            isGlobal(release)
        };
    }

    private static boolean isGlobal(Object release) {
        return ForeignObjects.global().stream().anyMatch(known -> known == release);
    }

    private static void requireKnown(Object release) throws NotCapturableException {
        Class<?> type = release.getClass();
        if (Allocations.callbackOf(release) != 0) {
            throw new NotCapturableException(
                    "cannot carry a function made by Linker.upcallStub, whose address native code may"
                            + " hold; close its arena before the checkpoint");
        }
        Slot action = Slot.find(type, "val$cleanupAction");
        Object run = action == null ? null : action.get(release);
        boolean ofProgram = run != null && !run.getClass().getName().startsWith("jdk.internal.foreign.");
        if (!ofProgram && Slot.find(type, "val$unmapper") == null && Slot.find(type, "val$library") == null) {
            throw new NotCapturableException("cannot carry an arena that will release native memory by "
                    + (run == null ? type : run.getClass()).getName()
                    + ", which Ingot does not know; close it before the checkpoint");
        }
    }

    private void requireNoAddresses(ArenaMemory memory) throws NotCapturableException {
        long end = memory.start() + memory.used() - Long.BYTES;
        for (long at = memory.start(); at <= end; at += Long.BYTES) {
            long word = UNSAFE.getLong(at);
            if (word >>> SMALLEST_ADDRESS_BITS != 0 && word >>> ADDRESS_BITS == 0 && addresses.isAddress(word)) {
                throw new NotCapturableException("cannot carry the " + memory.used()
                        + " bytes of a memory segment: they hold 0x" + Long.toHexString(word)
                        + ", the address of native memory, which is another one in another process; close the arena of the segment"
                        + " before the checkpoint");
            }
        }
    }

    @Override
    public void restore(Object release, @Nullable Object[] state) throws NotRestorableException {
        FieldState.restore(release, Objects.requireNonNull(state[FIELDS]));
        Object content = state[CONTENT];
        if (content == null) {
            requireNothingToFree(release);
            return;
        }
        long former = ((Number) Objects.requireNonNull(state[FORMER_START])).longValue();
        long start = ArenaMemory.allocate(release, former);
        ArenaMemory memory = Objects.requireNonNull(ArenaMemory.of(release));
        UNSAFE.setMemory(start, memory.used(), (byte) 0);
        MemoryContent.write(start, memory.used(), content);
        if (Boolean.TRUE.equals(state[GLOBAL])) {
            ForeignObjects.addGlobal(release);
        }
    }

    /** Memory without content was not captured here: its address would be the image's choice, and is freed when the arena is closed. */
    private static void requireNothingToFree(Object release) throws NotRestorableException {
        Slot base = Slot.find(release.getClass(), ArenaMemory.BASE);
        if (base != null && base.getLong(release) != 0) {
            throw new NotRestorableException(
                    "the image has an arena free memory that it did not allocate; it is damaged or was not"
                            + " written by Ingot");
        }
    }

    @Override
    public int order() {
        return RestoreOrder.MEMORY;
    }
}
