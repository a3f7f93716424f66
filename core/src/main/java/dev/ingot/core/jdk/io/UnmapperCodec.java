package dev.ingot.core.jdk.io;

import dev.ingot.core.heap.NotCapturableException;
import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.jdk.access.HiddenMethod;
import dev.ingot.core.jdk.access.JdkClass;
import dev.ingot.core.jdk.access.Slot;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The mapping of a file that memory segments show. Buffers carry theirs by themselves; see {@link BufferCodec}. */
final class UnmapperCodec implements ObjectCodec<Object> {
    private static final String BASE = "sun.nio.ch.FileChannelImpl$Unmapper";
    private static final String KNOWN = "sun.nio.ch.FileChannelImpl$DefaultUnmapper";

    private final FilePolicy policy;
    private final OpenFiles files;
    private final Mappings mappings = new Mappings();

    UnmapperCodec(FilePolicy policy) {
        this.policy = policy;
        this.files = new OpenFiles(policy);
    }

    @Override
    public boolean accepts(Class<?> type) {
        return JdkClass.isSubtype(type, BASE);
    }

    @Override
    public @Nullable Object[] capture(Object unmapper) throws NotCapturableException {
        if (!unmapper.getClass().getName().equals(KNOWN)) {
            throw new NotCapturableException(
                    "cannot carry a mapping of persistent memory; unmap it before the checkpoint");
        }
        long size = slot("cap").getLong(unmapper);
        MappedRange range = MappedRange.at(startOf(unmapper), size, policy, mappings);
        return new @Nullable Object[] {
            range.toState(), range.carried() ? MemoryContent.read(startOf(unmapper), size) : null
        };
    }

    @Override
    public void restore(Object unmapper, @Nullable Object[] state) throws NotRestorableException {
        MappedRange range = MappedRange.fromState(Objects.requireNonNull(state[0]));
        Object fresh = range.map(files, UnmapperCodec::map);
        FieldState.restore(unmapper, FieldState.capture(fresh, Set.of()));
        if (state[1] != null) {
            MemoryContent.write(startOf(unmapper), range.size(), state[1]);
        }
    }

    private static Object map(FileChannel file, MapMode mode, long start, long size) {
        HiddenMethod map = HiddenMethod.of(
                file.getClass(), "mapInternal", MapMode.class, long.class, long.class, int.class, boolean.class);
        int protection = mode == MapMode.READ_ONLY ? 0 : mode == MapMode.READ_WRITE ? 1 : 2;
        return Objects.requireNonNull(map.call(file, mode, start, size, protection, false));
    }

    private static long startOf(Object unmapper) {
        return slot("address").getLong(unmapper) + slot("pagePosition").getLong(unmapper);
    }

    private static Slot slot(String name) {
        return Slot.of(BASE, name);
    }
}
