package dev.ingot.core.jdk.io;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What the kernel tells of one file descriptor of this process.
 *
 * @param number the descriptor
 * @param target what it is open on: a path, or a word such as {@code socket:[4711]}
 * @param flags the flags it was opened with
 * @param position where the next read or write goes
 */
record Descriptor(int number, String target, int flags, long position) {
    private static final Path TABLE = Path.of("/proc/self/fd");
    private static final Path DETAILS = Path.of("/proc/self/fdinfo");

    /**
     * What is told of one.
     *
     * @throws NoSuchFileException if it is not open
     */
    static Descriptor of(int number) throws IOException {
        String target =
                Files.readSymbolicLink(TABLE.resolve(Integer.toString(number))).toString();
        int flags = 0;
        long position = 0;
        for (String line : details(number)) {
            if (line.startsWith("pos:")) {
                position = Long.parseLong(line.substring(4).trim());
            } else if (line.startsWith("flags:")) {
                flags = Integer.parseInt(line.substring(6).trim(), 8);
            }
        }
        return new Descriptor(number, target, flags, position);
    }

    private static List<String> details(int number) throws IOException {
        Path details = DETAILS.resolve(Integer.toString(number));
        try (BufferedReader reader = Files.newBufferedReader(details)) {
            return reader.lines().toList();
        } catch (UncheckedIOException e) {
            // The kernel fails the read, where the opening went well, for a descriptor closed in between and for
            // nothing else.
            NoSuchFileException closed = new NoSuchFileException(details.toString());
            closed.initCause(e);
            throw closed;
        }
    }

    /** All that are open now. */
    static List<Descriptor> all() throws IOException {
        List<Descriptor> all = new ArrayList<>();
        for (int number : numbers()) {
            try {
                all.add(of(number));
            } catch (NoSuchFileException closedMeanwhile) {
                // Nothing to tell of it: such as the one by which the table was listed.
            }
        }
        return all;
    }

    /** Whether this process has a file open in such a way that it can write to it. */
    static boolean isOpenForWriting(String path) throws IOException {
        for (Descriptor open : all()) {
            if (open.target.equals(path) && FileAccess.of(open.flags).writes()) {
                return true;
            }
        }
        return false;
    }

    private static List<Integer> numbers() throws IOException {
        List<Integer> numbers = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(TABLE)) {
            for (Path entry : entries) {
                numbers.add(Integer.valueOf(entry.getFileName().toString()));
            }
        }
        return numbers;
    }

    /** A name under which the open file can be read even if it is unlinked. */
    Path self() {
        return TABLE.resolve(Integer.toString(number));
    }

    boolean isPath() {
        return target.startsWith("/");
    }

    BasicFileAttributes attributes() throws IOException {
        return Files.readAttributes(self(), BasicFileAttributes.class);
    }

    /** Whether no directory holds the file any more. */
    boolean isUnlinked() throws IOException {
        return Integer.valueOf(0).equals(Files.getAttribute(self(), "unix:nlink"));
    }

    /** Device and inode, equal for all descriptors open on one file. */
    Map<String, Object> identity() throws IOException {
        return Files.readAttributes(self(), "unix:dev,ino");
    }
}
