package dev.ingot.accelerator.tck;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What measurements of backends count on machines that others use too. Linux only. */
public final class ProcessorTime {
    private ProcessorTime() {}

    /** In nanoseconds, of this process and its device hosts, by the clock of the kernel's scheduler. */
    public static long nanos() {
        return Stream.concat(
                        Stream.of(ProcessHandle.current()),
                        ProcessHandle.current().descendants())
                .mapToLong(process -> nanos(Path.of("/proc", Long.toString(process.pid()), "task")))
                .sum();
    }

    private static long nanos(Path threads) {
        long sum = 0;
        try (DirectoryStream<Path> all = Files.newDirectoryStream(threads)) {
            for (Path thread : all) {
                String text = Files.readString(thread.resolve("schedstat"));
                sum += Long.parseLong(text.substring(0, text.indexOf(' ')));
            }
        } catch (IOException ended) {
            // A thread that has ended counts no more; those that work do not end here.
        }
        return sum;
    }
}
