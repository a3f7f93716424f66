package dev.ingot.core.jvm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The id of this process, for the start: {@link ProcessHandle} makes a pool of threads and a few lambdas when it is first used. */
public final class ProcessId {
    private static final Path SELF = Path.of("/proc/self");

    private ProcessId() {}

    /** As {@link ProcessHandle#pid()} of the current process. */
    public static long own() {
        try {
            return Long.parseLong(Files.readSymbolicLink(SELF).toString());
        } catch (IOException | NumberFormatException | UnsupportedOperationException elsewhere) {
            return ProcessHandle.current().pid();
        }
    }
}
