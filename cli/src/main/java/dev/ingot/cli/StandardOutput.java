package dev.ingot.cli;

import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where an output of this process goes. */
enum StandardOutput {
    OUT(1),
    ERROR(2);

    private final Path link;

    StandardOutput(int number) {
        this.link = Path.of("/proc/self/fd", Integer.toString(number));
    }

    FileDescriptor descriptor() {
        return this == OUT ? FileDescriptor.out : FileDescriptor.err;
    }

    /** Whether what is written cannot be taken back, and matters: a pipe, a socket or a terminal. */
    boolean isStream() {
        String target = target();
        return !target.isEmpty() && !Files.isRegularFile(link) && !target.equals("/dev/null");
    }

    /** The regular file it goes to; null if it goes elsewhere. */
    @Nullable Path regularFile() {
        return Files.isRegularFile(link) ? Path.of(target()) : null;
    }

    /** Empty if it is closed. */
    private String target() {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException closed) {
            return "";
        }
    }

    /** Whether both outputs go to one place. */
    static boolean areOne() {
        return !OUT.target().isEmpty() && OUT.target().equals(ERROR.target());
    }

    /** Whether standard output is a terminal. */
    static boolean isTerminal() {
        String target = OUT.target();
        return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
    }
}
