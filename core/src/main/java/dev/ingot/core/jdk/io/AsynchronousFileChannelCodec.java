package dev.ingot.core.jdk.io;

import dev.ingot.core.heap.NotCapturableException;
import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.jdk.access.HiddenMethod;
import dev.ingot.core.jdk.access.JdkClass;
import dev.ingot.core.jdk.access.Slot;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileLock;
import java.util.Collection;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Asynchronous channels of files. What is under way in one is done by threads of its pool, which are captured like those of any pool.
 */
final class AsynchronousFileChannelCodec implements ObjectCodec<AsynchronousFileChannel> {
    private static final String THREADS = "threads";
    private static final String LOCK_TABLE = "fileLockTable";

    @Override
    public boolean accepts(Class<?> type) {
        return type.getName().equals("sun.nio.ch.SimpleAsynchronousFileChannelImpl");
    }

    @Override
    public Object[] capture(AsynchronousFileChannel channel) throws NotCapturableException {
        if (channel.isOpen() && holdsLock(Fields.LOCK_TABLE_OF_CHANNEL.get(channel))) {
            throw new NotCapturableException("cannot carry an AsynchronousFileChannel that holds a lock of its file ("
                    + channel + "); release the lock before the checkpoint");
        }
        return FieldState.capture(channel, Set.of(THREADS, LOCK_TABLE));
    }

    private static boolean holdsLock(@Nullable Object table) {
        Object locks = table == null ? null : Slot.of(table.getClass(), "locks").get(table);
        return locks instanceof Collection<?> held
                && held.stream().anyMatch(lock -> lock instanceof FileLock known && known.isValid());
    }

    @Override
    public void restore(AsynchronousFileChannel channel, Object[] state) {
        FieldState.restore(channel, state);
        Fields.THREADS_OF_CHANNEL.put(channel, Fields.NEW_THREAD_SET.make(2));
    }

    /** After the descriptors. */
    @Override
    public int order() {
        return RestoreOrder.CHANNEL;
    }

    /** Resolved at the first channel met. */
    private static final class Fields {
        private static final Class<?> CHANNEL = JdkClass.of("sun.nio.ch.SimpleAsynchronousFileChannelImpl");
        static final Slot THREADS_OF_CHANNEL = Slot.of(CHANNEL, THREADS);
        static final Slot LOCK_TABLE_OF_CHANNEL = Slot.of("sun.nio.ch.AsynchronousFileChannelImpl", LOCK_TABLE);
        static final HiddenMethod NEW_THREAD_SET =
                HiddenMethod.constructor(JdkClass.of("sun.nio.ch.NativeThreadSet"), int.class);

        private Fields() {}
    }
}
