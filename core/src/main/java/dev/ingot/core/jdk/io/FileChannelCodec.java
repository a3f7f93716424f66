package dev.ingot.core.jdk.io;

import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.jdk.access.JdkClass;
import dev.ingot.core.jdk.access.Slot;
import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import jdk.internal.ref.CleanerFactory;
import org.jspecify.annotations.Nullable;

/** File channels, with the locks they hold on their files. */
final class FileChannelCodec implements ObjectCodec<FileChannel> {
    private static final int LOCK_GRANTED = 0;

    @Override
    public boolean accepts(Class<?> type) {
        return type.getName().equals("sun.nio.ch.FileChannelImpl");
    }

    /** After the descriptors. */
    @Override
    public int order() {
        return RestoreOrder.CHANNEL;
    }

    @Override
    public Object[] capture(FileChannel channel) {
        return new Object[] {FieldState.capture(channel, Fields.ofThisProcess()), locks(channel)};
    }

    private static Object[] locks(FileChannel channel) {
        Object table = Fields.LOCK_TABLE.get(channel);
        Object locks = table == null ? null : Slot.of(table.getClass(), "locks").get(table);
        return locks instanceof Collection<?> held ? held.toArray() : new Object[0];
    }

    @Override
    public void restore(FileChannel channel, Object[] state) throws NotRestorableException {
        FieldState.restore(channel, state[0]);
        ChannelInterruptor.renew(channel);
        try {
            renewInternals(channel);
            for (Object lock : (Object[]) state[1]) {
                lockAgain(channel, (FileLock) lock);
            }
        } catch (IOException e) {
            throw new NotRestorableException(
                    "cannot restore the channel of " + path(channel) + ": " + e.getMessage(), e);
        }
    }

    private static void renewInternals(FileChannel channel) throws IOException {
        Fields.THREADS.put(channel, Fields.NEW_THREAD_SET.result(null, 2));
        Slot dispatcher = Slot.find(Fields.CHANNEL, "nd");
        if (dispatcher != null) {
            dispatcher.put(channel, Fields.NEW_DISPATCHER.result(null));
        }
        Object descriptor = Fields.DESCRIPTOR.get(channel);
        if (Fields.PARENT.get(channel) == null && descriptor instanceof FileDescriptor open && open.valid()) {
            Runnable closer = (Runnable) Fields.NEW_CLOSER.result(null, open);
            Fields.CLOSER.put(channel, CleanerFactory.cleaner().register(channel, closer));
        }
    }

    private static void lockAgain(FileChannel channel, FileLock lock) throws IOException, NotRestorableException {
        if (!lock.isValid()) {
            return;
        }
        Object dispatcher = Fields.NEW_DISPATCHER.result(null);
        Object granted = Fields.LOCK.result(
                dispatcher, Fields.DESCRIPTOR.get(channel), false, lock.position(), lock.size(), lock.isShared());
        if (!granted.equals(LOCK_GRANTED)) {
            throw new NotRestorableException(
                    "cannot lock " + path(channel) + " from " + lock.position() + " for " + lock.size()
                            + " bytes again: another process holds a lock on it; end that process and resume again");
        }
        Fields.ADD_LOCK.call(Fields.MAKE_LOCK_TABLE.result(channel), lock);
    }

    private static @Nullable Object path(FileChannel channel) {
        return Fields.PATH.get(channel);
    }

    /** Resolved at the first file channel met, not when codecs are listed. */
    private static final class Fields {
        static final Class<?> CHANNEL = JdkClass.of("sun.nio.ch.FileChannelImpl");
        static final Class<?> DISPATCHER = JdkClass.of("sun.nio.ch.FileDispatcherImpl");
        static final Slot DESCRIPTOR = Slot.of(CHANNEL, "fd");
        static final Slot PARENT = Slot.of(CHANNEL, "parent");
        static final Slot PATH = Slot.of(CHANNEL, "path");
        static final Slot THREADS = Slot.of(CHANNEL, "threads");
        static final Slot CLOSER = Slot.of(CHANNEL, "closer");
        static final Slot LOCK_TABLE = Slot.of(CHANNEL, "fileLockTable");
        static final JdkCall NEW_DISPATCHER = JdkCall.constructor(DISPATCHER);
        static final JdkCall NEW_THREAD_SET = JdkCall.constructor(JdkClass.of("sun.nio.ch.NativeThreadSet"), int.class);
        static final JdkCall NEW_CLOSER =
                JdkCall.constructor(JdkClass.of("sun.nio.ch.FileChannelImpl$Closer"), FileDescriptor.class);
        static final JdkCall LOCK = JdkCall.of(
                JdkClass.of("sun.nio.ch.FileDispatcher"),
                "lock",
                FileDescriptor.class,
                boolean.class,
                long.class,
                long.class,
                boolean.class);
        static final JdkCall MAKE_LOCK_TABLE = JdkCall.of(CHANNEL, "fileLockTable");
        static final JdkCall ADD_LOCK = JdkCall.of(JdkClass.of("sun.nio.ch.FileLockTable"), "add", FileLock.class);

        private Fields() {}

        static Set<String> ofThisProcess() {
            Set<String> names = new HashSet<>(ChannelInterruptor.FIELDS);
            names.addAll(Set.of("nd", "threads", "closer", "fileLockTable"));
            return names;
        }
    }
}
