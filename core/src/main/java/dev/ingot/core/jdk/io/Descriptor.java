package dev.ingot.core.jdk.io;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
    private static final File DETAILS = new File("/proc/self/fdinfo");

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
        String details = details(number);
        for (int start = 0, end; (end = details.indexOf('\n', start)) >= 0; start = end + 1) {
            if (details.startsWith("pos:", start)) {
                position = Long.parseLong(details.substring(start + 4, end).trim());
            } else if (details.startsWith("flags:", start)) {
                flags = Integer.parseInt(details.substring(start + 6, end).trim(), 8);
            }
        }
        return new Descriptor(number, target, flags, position);
    }

    /** Read once at every start, and so without channels and streams, whose classes would have to be loaded. */
    private static String details(int number) throws IOException {
        File details = new File(DETAILS, Integer.toString(number));
        try (FileInputStream stream = new FileInputStream(details)) {
            return new String(stream.readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            // The kernel fails the opening or the read for a descriptor closed in between and for nothing else.
            NoSuchFileException closed = new NoSuchFileException(details.getPath());
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
