package dev.ingot.accelerator.share;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * What the system says of a process to all others.
 *
 * @param started tells the process from an earlier one of the same number: ticks from the boot of the machine on where there is {@code /proc},
 *     milliseconds since 1970 elsewhere; 0 if unknown. Not the latter everywhere, because a JVM on Linux reckons it from the time of the
 *     boot, which moves when the clock is set, so that two JVMs see two times
 * @param isStopped whether a signal or a debugger has stopped it
 */
record ProcessStatus(long started, boolean isStopped) {
    private static final Path PROCESSES = Path.of("/proc");
    // Of what is behind the name in the file.
    private static final int STATE = 0;
    private static final int THREADS = 17;
    private static final int STARTED = 19;

    /** That of a process; empty if it has ended, though its parent may not know yet. */
    static Optional<ProcessStatus> of(long process) {
        Path directory = PROCESSES.resolve(Long.toString(process));
        try {
            return read(Files.readAllBytes(directory.resolve("stat")));
        } catch (IOException none) {
            // Files that cannot be opened, for there are too many, end no process.
            if (Files.exists(directory)) {
                return Optional.of(new ProcessStatus(0, false));
            }
            return Files.exists(PROCESSES.resolve("self")) ? Optional.empty() : ofHandle(process);
        }
    }

    private static Optional<ProcessStatus> read(byte[] stat) {
        String text = new String(stat, StandardCharsets.ISO_8859_1);
        // The name may have anything in it, parentheses too.
        String[] fields = text.substring(text.lastIndexOf(')') + 2).strip().split(" ", -1);
        char state = fields[STATE].charAt(0);
        // The first thread may have ended before the others.
        if (state == 'X' || (state == 'Z' && Long.parseLong(fields[THREADS]) <= 1)) {
            return Optional.empty();
        }
        return Optional.of(new ProcessStatus(Long.parseLong(fields[STARTED]), state == 'T' || state == 't'));
    }

    private static Optional<ProcessStatus> ofHandle(long process) {
        return ProcessHandle.of(process)
                .filter(ProcessHandle::isAlive)
                .map(found -> new ProcessStatus(
                        found.info().startInstant().map(Instant::toEpochMilli).orElse(0L), false));
    }
}
