package dev.ingot.node;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Room on the disk for what a program writes next, allocated before it is written. A Java program does not notice that its output finds the disk
 * full ({@link java.io.PrintStream} keeps that to itself), so what it wrote then would be lost. Not thread-safe.
 *
 * <p>Allocated is what lies behind the end of the file, so its length stays what has been written.
 */
final class OutputReserve {
    static final long LEAST = 1 << 20;
    private static final long MOST = 64 << 20;
    private static final long PAUSE_NANOS = 300_000_000;

    private final Path output;
    private final String command;
    /** How much is allocated at once: the more the faster it is used up. */
    private long size = LEAST;
    /** Up to which length of the file there is room. */
    private long until;

    private boolean impossible;
    /** By {@link System#nanoTime}, when it is tried again after it has failed; 0 if it has not. */
    private long tryAt;

    OutputReserve(Path output) {
        this(output, "fallocate");
    }

    /** @param command which allocates, called like {@code fallocate(1)} */
    OutputReserve(Path output, String command) {
        this.output = output;
        this.command = command;
    }

    /**
     * Allocates more if much of what was allocated has been used. What the file system cannot do, be it that it knows no such allocation, is not
     * waited for.
     *
     * @return whether there is room for a while; if not, the program must not write on until there is
     */
    boolean hold() throws IOException, InterruptedException {
        long length;
        try {
            length = length();
        } catch (FileSystemException failure) {
            if (isFull(String.valueOf(failure.getReason()))) {
                return false;
            }
            throw failure;
        }
        boolean some = until - length >= LEAST / 4;
        if (impossible || until - length >= size * 3 / 4) {
            return true;
        } else if (tryAt != 0 && System.nanoTime() - tryAt < 0) {
            return some;
        }
        if (until > 0 && until - length < size / 4) {
            size = Math.min(MOST, size * 2);
        }
        boolean allocated = allocate(length, size) || (size > LEAST && allocate(length, LEAST));
        tryAt = allocated ? 0 : System.nanoTime() + PAUSE_NANOS;
        return allocated || impossible || some;
    }

    private long length() throws IOException {
        if (!Files.exists(output)) {
            Files.createFile(output);
        }
        return Files.size(output);
    }

    private boolean allocate(long from, long amount) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(List.of(
                command,
                "--keep-size",
                "--offset",
                Long.toString(from),
                "--length",
                Long.toString(amount),
                output.toString()));
        builder.environment().put("LC_ALL", "C");
        Process process;
        try {
            process = builder.redirectErrorStream(true).start();
        } catch (IOException missing) {
            impossible = true;
            return false;
        }
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() == 0) {
            size = amount;
            until = from + amount;
            return true;
        }
        impossible = !isFull(said);
        return false;
    }

    private static boolean isFull(String message) {
        return message.contains("No space left") || message.contains("quota");
    }

    /** Gives back what is not used; the program must have ended. */
    void release() throws IOException {
        release(output);
    }

    /** Gives back what programs of earlier epochs did not use, whose nodes may have had no time for it; they must have ended. */
    void releaseEarlier() throws IOException {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(output.resolveSibling(""), "output-*")) {
            for (Path each : all) {
                if (!each.getFileName().equals(output.getFileName())) {
                    release(each);
                }
            }
        }
    }

    private static void release(Path output) throws IOException {
        if (Files.isRegularFile(output)) {
            try (RandomAccessFile file = new RandomAccessFile(output.toFile(), "rw")) {
                // Unlike FileChannel.truncate it tells the kernel even where the length stays the same.
                file.setLength(file.length());
            }
        }
    }
}
