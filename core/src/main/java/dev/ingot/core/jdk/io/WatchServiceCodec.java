package dev.ingot.core.jdk.io;

import dev.ingot.core.heap.NotCapturableException;
import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.jdk.access.JdkClass;
import dev.ingot.core.jdk.access.Slot;
import dev.ingot.core.jvm.Memory;
import dev.ingot.runtime.WatcherThreads;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import jdk.internal.misc.Unsafe;
import org.jspecify.annotations.Nullable;

/**
 * Watch services of Linux. The directories are watched again; what has happened to them since the image was taken is told as if it were seen,
 * and that something was lost ({@code OVERFLOW}) where it cannot be known.
 */
final class WatchServiceCodec implements ObjectCodec<WatchService> {
    private static final String SERVICE = "sun.nio.fs.LinuxWatchService";

    private static final int FIELDS = 0;
    private static final int KEYS = 1;
    private static final int MASKS = 2;
    private static final int SNAPSHOTS = 3;
    private static final int HAS_LOST = 4;

    /** Bits of the kernel's {@code inotify(7)}, the same on every processor. */
    private static final int CREATE = 0x180;

    private static final int DELETE = 0x240;
    private static final int MODIFY = 0x6;

    @Override
    public boolean accepts(Class<?> type) {
        return type.getClassLoader() == null && type.getName().equals(SERVICE);
    }

    @Override
    public @Nullable Object[] capture(WatchService service) throws NotCapturableException {
        @Nullable Object[] state = new @Nullable Object[HAS_LOST + 1];
        state[FIELDS] = FieldState.capture(service, Set.of("poller"));
        if (Fields.CLOSED.getBoolean(service)) {
            return state;
        }
        Object poller = Objects.requireNonNull(Fields.POLLER.get(service));
        Map<Integer, Integer> masks = masks(Fields.DESCRIPTOR.getInt(poller));
        List<WatchKey> keys = new ArrayList<>();
        List<Object @Nullable []> snapshots = new ArrayList<>();
        List<Integer> maskOfKey = new ArrayList<>();
        ((Map<?, ?>) Objects.requireNonNull(Fields.KEYS_BY_WATCH.get(poller))).forEach((watch, key) -> {
            Integer mask = masks.get(watch);
            if (mask != null) {
                keys.add((WatchKey) key);
                maskOfKey.add(mask);
                snapshots.add(DirectorySnapshot.of((Path) ((WatchKey) key).watchable()));
            }
        });
        state[KEYS] = keys.toArray();
        state[MASKS] = maskOfKey.stream().mapToInt(Integer::intValue).toArray();
        state[SNAPSHOTS] = snapshots.toArray();
        state[HAS_LOST] = WatcherThreads.isAnyHeldBack();
        return state;
    }

    /** Which events the kernel was asked for, by number of the watch. */
    private static Map<Integer, Integer> masks(int descriptor) throws NotCapturableException {
        Map<Integer, Integer> masks = new HashMap<>();
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/fdinfo/" + descriptor))) {
                if (line.startsWith("inotify ")) {
                    masks.put(hexadecimal(line, " wd:"), hexadecimal(line, " mask:"));
                }
            }
        } catch (IOException | NumberFormatException e) {
            throw new NotCapturableException(
                    "cannot carry a WatchService: the kernel does not say what it watches (" + e
                            + "); close it before the checkpoint",
                    e);
        }
        return masks;
    }

    private static int hexadecimal(String line, String name) {
        int begin = line.indexOf(name) + name.length();
        int end = line.indexOf(' ', begin);
        return Integer.parseUnsignedInt(line.substring(begin, end < 0 ? line.length() : end), 16);
    }

    @Override
    public void restore(WatchService service, @Nullable Object[] state) throws NotRestorableException {
        FieldState.restore(service, Objects.requireNonNull(state[FIELDS]));
        if (!(state[KEYS] instanceof Object[] keys)) {
            return;
        }
        int[] masks = (int[]) Objects.requireNonNull(state[MASKS]);
        Object[] snapshots = (Object[]) Objects.requireNonNull(state[SNAPSHOTS]);
        try {
            Object poller = openPoller(service);
            List<WatchServices.Watch> watches = new ArrayList<>();
            for (int index = 0; index < keys.length; index++) {
                WatchKey key = (WatchKey) keys[index];
                List<WatchServices.Change> changes = Boolean.TRUE.equals(state[HAS_LOST])
                        ? List.of(new WatchServices.Change(StandardWatchEventKinds.OVERFLOW, null))
                        : DirectorySnapshot.changesSince((Object[]) snapshots[index], (Path) key.watchable());
                watches.add(watchAgain(poller, key, masks[index], changes));
            }
            WatchServices.add(new WatchServices.Restored(poller, watches));
        } catch (IOException e) {
            throw new NotRestorableException("cannot watch directories again: " + e.getMessage(), e);
        }
    }

    private static Object openPoller(WatchService service) throws IOException {
        int descriptor = (Integer) Fields.OPEN.result(null);
        int[] pair = new int[2];
        Fields.CONFIGURE_BLOCKING.call(null, descriptor, false);
        Fields.SOCKET_PAIR.call(null, (Object) pair);
        Fields.CONFIGURE_BLOCKING.call(null, pair[0], false);
        Object poller = Fields.NEW_POLLER.result(null, FileSystems.getDefault(), service, descriptor, pair);
        Fields.POLLER.put(service, poller);
        return poller;
    }

    @SuppressWarnings("unchecked") // the field's declared type
    private static WatchServices.Watch watchAgain(
            Object poller, WatchKey key, int mask, List<WatchServices.Change> changes) throws IOException {
        Path directory = (Path) key.watchable();
        int descriptor = Fields.DESCRIPTOR.getInt(poller);
        Fields.DESCRIPTOR_OF_KEY.put(key, descriptor);
        if (!Files.isDirectory(directory)) {
            Fields.WATCH_OF_KEY.put(key, -1);
            return new WatchServices.Watch(key, false, asked(changes, mask));
        }
        int watch = addWatch(descriptor, directory, mask);
        Fields.WATCH_OF_KEY.put(key, watch);
        ((Map<Integer, WatchKey>) Objects.requireNonNull(Fields.KEYS_BY_WATCH.get(poller))).put(watch, key);
        return new WatchServices.Watch(key, true, asked(changes, mask));
    }

    private static List<WatchServices.Change> asked(List<WatchServices.Change> changes, int mask) {
        return changes.stream().filter(change -> isAsked(change.kind(), mask)).toList();
    }

    private static boolean isAsked(WatchEvent.Kind<?> kind, int mask) {
        if (kind == StandardWatchEventKinds.ENTRY_CREATE) {
            return (mask & CREATE) != 0;
        }
        if (kind == StandardWatchEventKinds.ENTRY_DELETE) {
            return (mask & DELETE) != 0;
        }
        return kind == StandardWatchEventKinds.OVERFLOW || (mask & MODIFY) != 0;
    }

    private static int addWatch(int descriptor, Path directory, int mask) throws IOException {
        byte[] path = (byte[]) Fields.BYTES_OF_PATH.result(directory);
        Unsafe unsafe = Unsafe.getUnsafe();
        long address = unsafe.allocateMemory(path.length + 1L);
        try {
            unsafe.copyMemory(path, Memory.BYTE_BASE, null, address, path.length);
            unsafe.putByte(address + path.length, (byte) 0);
            return (Integer) Fields.ADD_WATCH.result(null, descriptor, address, mask);
        } finally {
            unsafe.freeMemory(address);
        }
    }

    /** After the paths and queues. */
    @Override
    public int order() {
        return RestoreOrder.USER;
    }

    /** Resolved at the first watch service met. */
    private static final class Fields {
        private static final Class<?> SERVICE_CLASS = JdkClass.of(SERVICE);
        private static final Class<?> POLLER_CLASS = JdkClass.of(SERVICE + "$Poller");
        private static final String KEY_CLASS = SERVICE + "$LinuxWatchKey";
        private static final Class<?> FILE_SYSTEM = JdkClass.of("sun.nio.fs.UnixFileSystem");

        static final Slot CLOSED = Slot.of("sun.nio.fs.AbstractWatchService", "closed");
        static final Slot POLLER = Slot.of(SERVICE_CLASS, "poller");
        static final Slot DESCRIPTOR = Slot.of(POLLER_CLASS, "ifd");
        static final Slot KEYS_BY_WATCH = Slot.of(POLLER_CLASS, "wdToKey");
        static final Slot DESCRIPTOR_OF_KEY = Slot.of(KEY_CLASS, "ifd");
        static final Slot WATCH_OF_KEY = Slot.of(KEY_CLASS, "wd");
        static final JdkCall OPEN = JdkCall.of(SERVICE_CLASS, "inotifyInit");
        static final JdkCall ADD_WATCH = JdkCall.of(SERVICE_CLASS, "inotifyAddWatch", int.class, long.class, int.class);
        static final JdkCall CONFIGURE_BLOCKING =
                JdkCall.of(SERVICE_CLASS, "configureBlocking", int.class, boolean.class);
        static final JdkCall SOCKET_PAIR = JdkCall.of(SERVICE_CLASS, "socketpair", int[].class);
        static final JdkCall BYTES_OF_PATH = JdkCall.of(JdkClass.of("sun.nio.fs.UnixPath"), "getByteArrayForSysCalls");
        static final JdkCall NEW_POLLER =
                JdkCall.constructor(POLLER_CLASS, FILE_SYSTEM, SERVICE_CLASS, int.class, int[].class);

        private Fields() {}
    }
}
