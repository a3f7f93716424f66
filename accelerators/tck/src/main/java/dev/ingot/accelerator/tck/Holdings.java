package dev.ingot.accelerator.tck;

import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What this process and those it has started hold of the machine. Linux says it under {@code /proc}; elsewhere only processes are known.
 *
 * @param threads of all processes
 * @param files open ones, sockets and pipes among them
 * @param processes that were started and have not ended
 * @param bytes of memory: objects and buffers of this JVM that are still reachable, and whatever the other processes have
 */
record Holdings(long threads, long files, long processes, long bytes) {
    private static final Path PROCESSES = Path.of("/proc");
    private static final String RESIDENT = "VmRSS:";

    static Holdings now() {
        List<ProcessHandle> all = Stream.concat(
                        Stream.of(ProcessHandle.current()),
                        ProcessHandle.current().descendants())
                .filter(ProcessHandle::isAlive)
                .toList();
        long threads = 0;
        long files = 0;
        long bytes = reachableBytes();
        for (ProcessHandle each : all) {
            Path process = PROCESSES.resolve(Long.toString(each.pid()));
            threads += entries(process.resolve("task"));
            files += entries(process.resolve("fd"));
            if (each.pid() != ProcessHandle.current().pid()) {
                bytes += Machine.bytes(process.resolve("status"), RESIDENT);
            }
        }
        return new Holdings(threads, files, all.size() - 1L, bytes);
    }

    /** Whether this is no more than before, but for what is not worth {@code most} of anything and {@code mostBytes}. */
    boolean isWithin(Holdings before, long most, long mostBytes) {
        return threads < before.threads + most
                && files < before.files + most
                && processes < before.processes + most
                && bytes < before.bytes + mostBytes;
    }

    /** What is resident of this JVM tells nothing: a heap keeps what it once had. */
    private static long reachableBytes() {
        System.gc();
        long buffers = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
        return buffers
                + ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static long entries(Path directory) {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.count();
        } catch (IOException ended) {
            return 0;
        }
    }
}
