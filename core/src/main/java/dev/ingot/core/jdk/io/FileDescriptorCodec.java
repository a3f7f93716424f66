package dev.ingot.core.jdk.io;

import dev.ingot.core.heap.NotCapturableException;
import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.jdk.access.Slot;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Set;
import jdk.internal.access.JavaIOFileDescriptorAccess;
import jdk.internal.access.SharedSecrets;
import org.jspecify.annotations.Nullable;

/**
 * File descriptors: those of files are opened again, those of sockets and the like are left for the codec of the channel
 * that owns them, and the three standard ones become the new process's own.
 */
final class FileDescriptorCodec implements ObjectCodec<FileDescriptor> {
    private static final int LAST_STANDARD = 2;
    private static final JavaIOFileDescriptorAccess ACCESS = SharedSecrets.getJavaIOFileDescriptorAccess();
    /** Numbers and the link into the cleaner's list belong to this process. */
    private static final Set<String> OF_THIS_PROCESS = Set.of("fd", "handle", "cleanup");

    /** What a descriptor was open on. */
    private enum Target {
        NOTHING,
        STANDARD,
        FILE,
        CHANNEL
    }

    private final OpenFiles files;

    FileDescriptorCodec(OpenFiles files) {
        this.files = files;
    }

    @Override
    public boolean accepts(Class<?> type) {
        return type == FileDescriptor.class;
    }

    @Override
    public Object[] capture(FileDescriptor descriptor) throws NotCapturableException {
        int number = ACCESS.get(descriptor);
        if (number < 0) {
            return state(descriptor, Target.NOTHING, null);
        }
        if (number <= LAST_STANDARD) {
            return state(descriptor, Target.STANDARD, number);
        }
        try {
            Descriptor open = Descriptor.of(number);
            requireOwned(descriptor, open);
            return open.isPath()
                    ? state(
                            descriptor,
                            Target.FILE,
                            files.describe(open, isSequential(descriptor)).toState())
                    : state(descriptor, Target.CHANNEL, open.target());
        } catch (NoSuchFileException closedBelow) {
            return state(descriptor, Target.NOTHING, null);
        } catch (IOException e) {
            throw new NotCapturableException(
                    "cannot describe file descriptor " + number + " through /proc/self/fd: " + e.getMessage(), e);
        }
    }

    /** A pipe or socket is restored by its channel; a stream straight over one has nobody who would. */
    private static void requireOwned(FileDescriptor descriptor, Descriptor open) throws NotCapturableException {
        Object parent = Slot.of(FileDescriptor.class, "parent").get(descriptor);
        if (!open.isPath() && (parent instanceof FileInputStream || parent instanceof FileOutputStream)) {
            throw new NotCapturableException("cannot carry the stream over " + open.target()
                    + ": it leads to another process, such as a running child; close it before the checkpoint");
        }
    }

    private static Object[] state(FileDescriptor descriptor, Target target, @Nullable Object detail) {
        boolean cleaned = Slot.of(FileDescriptor.class, "cleanup").get(descriptor) != null;
        return new @Nullable Object[] {FieldState.capture(descriptor, OF_THIS_PROCESS), target.name(), detail, cleaned};
    }

    /** A plain output stream without a channel cannot seek, so all it did was to write at its end. */
    private static boolean isSequential(FileDescriptor descriptor) {
        return Slot.of(FileDescriptor.class, "parent").get(descriptor) instanceof FileOutputStream stream
                && Slot.of(FileDescriptor.class, "otherParents").get(descriptor) == null
                && Slot.of(FileOutputStream.class, "channel").get(stream) == null;
    }

    @Override
    public void restore(FileDescriptor descriptor, Object[] state) throws NotRestorableException {
        FieldState.restore(descriptor, state[0]);
        ACCESS.setHandle(descriptor, -1);
        ACCESS.set(descriptor, number(Target.valueOf((String) state[1]), state[2]));
        if ((Boolean) state[3] && descriptor.valid()) {
            ACCESS.registerCleanup(descriptor);
        }
    }

    private int number(Target target, Object detail) throws NotRestorableException {
        return switch (target) {
            case NOTHING, CHANNEL -> -1;
            case STANDARD -> (Integer) detail;
            case FILE -> files.reopen(OpenFile.fromState(detail));
        };
    }
}
