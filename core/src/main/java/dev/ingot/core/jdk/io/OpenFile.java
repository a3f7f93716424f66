package dev.ingot.core.jdk.io;

import java.nio.file.attribute.FileTime;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A file that was open at a checkpoint.
 *
 * @param path where it lay
 * @param kind what sort of file it is
 * @param flags how it was open, see {@link FileAccess#names}
 * @param position where the next read or write goes
 * @param length its length in bytes at the checkpoint
 * @param modified its modification time in nanoseconds since 1970
 * @param unlinked whether it had been deleted while open
 * @param appending whether the program can only have written at its end
 * @param written whether the same program also had it open for writing by another descriptor or mapping
 * @param content all its bytes, or null if the file itself keeps them
 */
record OpenFile(
        String path,
        Kind kind,
        String flags,
        long position,
        long length,
        long modified,
        boolean unlinked,
        boolean appending,
        boolean written,
        @Nullable FileContent content) {

    /** The sorts of file that can be opened again by name. */
    enum Kind {
        REGULAR,
        DIRECTORY,
        DEVICE
    }

    private static final int FIELDS = 10;

    boolean writes() {
        return FileAccess.of(FileAccess.flags(flags)).writes();
    }

    static long nanoseconds(FileTime time) {
        return time.to(TimeUnit.NANOSECONDS);
    }

    FileTime modificationTime() {
        return FileTime.from(modified, TimeUnit.NANOSECONDS);
    }

    /** The description as leaf data. */
    Object[] toState() {
        return new @Nullable Object[] {
            path,
            kind.name(),
            flags,
            position,
            length,
            modified,
            unlinked,
            appending,
            written,
            content == null ? null : content.bytes()
        };
    }

    static OpenFile fromState(Object state) {
        Object[] parts = (Object[]) state;
        if (parts.length != FIELDS) {
            throw new IllegalArgumentException("an open file has " + FIELDS + " parts, not " + parts.length);
        }
        return new OpenFile(
                (String) parts[0],
                Kind.valueOf((String) parts[1]),
                (String) parts[2],
                (Long) parts[3],
                (Long) parts[4],
                (Long) parts[5],
                (Boolean) parts[6],
                (Boolean) parts[7],
                (Boolean) parts[8],
                parts[9] == null ? null : new FileContent((byte[]) parts[9]));
    }
}
