package dev.ingot.core.jdk.io;

import dev.ingot.core.heap.NotCapturableException;
import dev.ingot.core.heap.NotRestorableException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * A range of a file mapped into memory.
 *
 * @param mode how it is mapped
 * @param start where in the file the range begins
 * @param size its length in bytes
 * @param carried whether the image holds its bytes; else the file keeps them
 * @param file the whole file
 */
record MappedRange(Mode mode, long start, long size, boolean carried, OpenFile file) {

    /** Who sees what is written to the mapping. */
    enum Mode {
        READ_ONLY,
        READ_WRITE,
        PRIVATE;

        static Mode of(MemoryMap map) {
            if (!map.isShared()) {
                return PRIVATE;
            }
            return map.isWritable() ? READ_WRITE : READ_ONLY;
        }

        MapMode mapMode() {
            return switch (this) {
                case READ_ONLY -> MapMode.READ_ONLY;
                case READ_WRITE -> MapMode.READ_WRITE;
                case PRIVATE -> MapMode.PRIVATE;
            };
        }
    }

    // ---- checkpoint ----

    static MappedRange at(long address, long size, FilePolicy policy, Mappings mappings) throws NotCapturableException {
        try {
            MemoryMap map = mappings.at(address);
            if (map == null) {
                throw new NotCapturableException("cannot carry a mapped buffer of " + size
                        + " bytes: /proc/self/maps names no file at its address 0x" + Long.toHexString(address));
            }
            return of(map, map.offset() + address - map.start(), size, policy);
        } catch (IOException e) {
            throw new NotCapturableException(
                    "cannot describe a mapped buffer of " + size + " bytes: " + e.getMessage(), e);
        }
    }

    private static MappedRange of(MemoryMap map, long start, long size, FilePolicy policy)
            throws IOException, NotCapturableException {
        Mode mode = Mode.of(map);
        OpenFile file = describe(map, mode, start + size);
        boolean must = mode == Mode.PRIVATE || file.unlinked();
        boolean small = size <= policy.carriedBytes();
        if (must && !small) {
            throw new NotCapturableException("cannot carry the mapping of " + file.path() + ": its " + size
                    + " bytes are private to this process and over the limit of " + policy.carriedBytes()
                    + " for files kept in the image");
        }
        return new MappedRange(mode, start, size, must || (mode == Mode.READ_WRITE && small), file);
    }

    private static OpenFile describe(MemoryMap map, Mode mode, long end) throws IOException {
        String flags = mode == Mode.READ_WRITE ? "O_RDWR" : "O_RDONLY";
        String suffix = " (deleted)";
        if (map.path().endsWith(suffix) && !Files.exists(Path.of(map.path()))) {
            String path = map.path().substring(0, map.path().length() - suffix.length());
            return new OpenFile(path, OpenFile.Kind.REGULAR, flags, 0, end, 0, true, false, false, null);
        }
        BasicFileAttributes attributes = Files.readAttributes(Path.of(map.path()), BasicFileAttributes.class);
        return new OpenFile(
                map.path(),
                OpenFile.Kind.REGULAR,
                flags,
                0,
                attributes.size(),
                OpenFile.nanoseconds(attributes.lastModifiedTime()),
                false,
                false,
                mode != Mode.READ_WRITE && OpenFiles.isWrittenHere(map.path()),
                null);
    }

    Object[] toState() {
        return new Object[] {mode.name(), start, size, carried, file.toState()};
    }

    static MappedRange fromState(Object state) {
        Object[] parts = (Object[]) state;
        return new MappedRange(
                Mode.valueOf((String) parts[0]),
                (Long) parts[1],
                (Long) parts[2],
                (Boolean) parts[3],
                OpenFile.fromState(parts[4]));
    }

    // ---- resume ----

    /** A way to map a file. */
    interface Mapper<T> {
        T map(FileChannel file, MapMode mode, long start, long size) throws IOException;
    }

    /** Maps the range again; where it is {@link #carried} its bytes are still to be written. */
    ByteBuffer map(OpenFiles files) throws NotRestorableException {
        return map(files, FileChannel::map);
    }

    /** As {@link #map(OpenFiles)}, by {@code mapper}. */
    <T> T map(OpenFiles files, Mapper<T> mapper) throws NotRestorableException {
        try {
            return file.unlinked() ? mapUnlinked(mapper) : mapInPlace(files, mapper);
        } catch (IOException e) {
            throw new NotRestorableException(
                    "cannot map " + file.path() + " from " + start + " for " + size + " bytes again: " + e.getMessage(),
                    e);
        }
    }

    private <T> T mapUnlinked(Mapper<T> mapper) throws IOException {
        Path stand = Files.createTempFile("ingot-unlinked-", null);
        try (FileChannel channel = FileChannel.open(stand, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(1), file.length() - 1);
            // Its bytes are still to be written to the memory. The buffers of the program know themselves that they are
            // only read.
            MapMode writable = mode == Mode.READ_ONLY ? MapMode.READ_WRITE : mode.mapMode();
            return mapper.map(channel, writable, start, size);
        } finally {
            Files.delete(stand);
        }
    }

    private <T> T mapInPlace(OpenFiles files, Mapper<T> mapper) throws IOException, NotRestorableException {
        Path path = Path.of(file.path());
        if (!carried) {
            files.rollBack(file);
        } else if (mode == Mode.PRIVATE) {
            OpenFiles.requireAtLeast(path, OpenFiles.attributes(path, file).size(), start + size);
        } else if (start != 0 || size != file.length()) {
            files.cut(path, OpenFiles.attributes(path, file).size(), file);
        }
        try (FileChannel channel = open(path)) {
            return mapper.map(channel, mode.mapMode(), start, size);
        }
    }

    /** A shared mapping of a whole file carries all of it, so the file need not be there. */
    private FileChannel open(Path path) throws IOException {
        if (mode == Mode.READ_ONLY) {
            return FileChannel.open(path, StandardOpenOption.READ);
        }
        FileChannel channel =
                FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
        if (mode == Mode.READ_WRITE && channel.size() > file.length()) {
            channel.truncate(file.length());
        }
        return channel;
    }
}
