package dev.ingot.core.jdk.foreign;

import dev.ingot.core.heap.NotCapturableException;
import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.jdk.access.JdkClass;
import dev.ingot.core.jdk.access.Slot;
import dev.ingot.core.jdk.io.FieldState;
import dev.ingot.core.jdk.io.LibraryAddresses;
import dev.ingot.core.jvm.ClassAccess;
import java.nio.Buffer;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Segments of native memory, by what lies there: memory of an arena, of a direct buffer or of a mapped file, which are carried or made anew
 * by others; or a function or variable of a library, which is found again.
 */
final class SegmentCodec implements ObjectCodec<Object> {
    private static final String NATIVE = "jdk.internal.foreign.NativeMemorySegmentImpl";
    private static final String MAPPED = "jdk.internal.foreign.MappedMemorySegmentImpl";
    private static final String FIRST = "min";
    private static final String MAPPING = "unmapper";

    private static final int FIELDS = 0;
    /** A number as it is; null otherwise. */
    private static final int NUMBER = 1;
    /** What the address is counted from; null for one in a library. */
    private static final int OWNER = 2;

    private static final int DISTANCE = 3;
    private static final int IN_LIBRARY = 4;

    private final Set<String> loaded;
    private final LibraryAddresses addresses = new LibraryAddresses();
    private final Allocations allocations = new Allocations();

    SegmentCodec(Set<String> loaded) {
        this.loaded = Set.copyOf(loaded);
    }

    @Override
    public boolean accepts(Class<?> type) {
        return type.getName().equals(NATIVE) || type.getName().equals(MAPPED);
    }

    @Override
    public @Nullable Object[] capture(Object segment) throws NotCapturableException {
        long address = Slot.inherited(segment, FIRST).getLong(segment);
        long length = Slot.inherited(segment, "length").getLong(segment);
        Object scope = Objects.requireNonNull(Slot.inherited(segment, "scope").get(segment));
        if (Slot.inherited(scope, "state").getInt(scope) < 0) {
            // Nobody can reach the memory any more, which is gone.
            return number(segment, Set.of(FIRST, MAPPING), address);
        }
        Object mapping = segment.getClass().getName().equals(MAPPED)
                ? Slot.inherited(segment, MAPPING).get(segment)
                : null;
        if (mapping != null) {
            return within(segment, mapping, address - startOf(mapping));
        }
        Buffer buffer = bufferOf(scope);
        if (buffer != null) {
            return within(segment, buffer, address - startOf(buffer));
        }
        Object release = allocations.find(scope, address, length);
        if (release != null) {
            return within(segment, release, ArenaMemory.of(release) == null ? 0 : address - startOf(release));
        }
        return elsewhere(segment, address, length);
    }

    private static @Nullable Object[] number(Object segment, Set<String> except, long address) {
        return new @Nullable Object[] {FieldState.capture(segment, except), address, null, 0L, null};
    }

    private static @Nullable Object[] within(Object segment, Object owner, long distance) {
        Object fields = FieldState.capture(segment, Set.of(FIRST));
        return new @Nullable Object[] {fields, null, owner, distance, null};
    }

    private @Nullable Object[] elsewhere(Object segment, long address, long length) throws NotCapturableException {
        try {
            Object[] place = addresses.describe(address);
            if (place == null) {
                return number(segment, Set.of(FIRST), address);
            }
            if (loaded.contains(String.valueOf(place[0]))) {
                throw new NotCapturableException("it lies in " + place[0]
                        + ", which is loaded again only after addresses are found; open the library by"
                        + " SymbolLookup.libraryLookup");
            }
            Object fields = FieldState.capture(segment, Set.of(FIRST));
            return new @Nullable Object[] {fields, null, null, 0L, place};
        } catch (NotCapturableException unknown) {
            throw new NotCapturableException(
                    "cannot carry a MemorySegment of " + length + " bytes: its arena did not allocate it, and "
                            + unknown.getMessage() + "; let go of it before the checkpoint",
                    unknown);
        }
    }

    /** The direct buffer that a segment shows; null for another one. */
    private static @Nullable Buffer bufferOf(Object scope) {
        Slot shown = Slot.find(scope.getClass(), "ref");
        return shown != null && shown.get(scope) instanceof Buffer buffer && buffer.isDirect() ? buffer : null;
    }

    @Override
    public void restore(Object segment, @Nullable Object[] state) throws NotRestorableException {
        FieldState.restore(segment, Objects.requireNonNull(state[FIELDS]));
        Slot.inherited(segment, FIRST).put(segment, addressIn(state));
    }

    private long addressIn(@Nullable Object[] state) throws NotRestorableException {
        if (state[NUMBER] instanceof Long number) {
            return number;
        }
        Object owner = state[OWNER];
        if (owner == null) {
            // What it looks functions up in is loaded with it.
            ClassAccess.initialize(JdkClass.of("jdk.internal.foreign.SystemLookup"));
            return addresses.find((Object[]) Objects.requireNonNull(state[IN_LIBRARY]));
        }
        return startOf(owner) + ((Number) Objects.requireNonNull(state[DISTANCE])).longValue();
    }

    private static long startOf(Object owner) {
        if (owner instanceof Buffer) {
            return Slot.of(Buffer.class, "address").getLong(owner);
        }
        ArenaMemory memory = ArenaMemory.of(owner);
        return memory == null ? Mapping.startOf(owner) : memory.start();
    }

    @Override
    public int order() {
        return RestoreOrder.ADDRESS;
    }
}
