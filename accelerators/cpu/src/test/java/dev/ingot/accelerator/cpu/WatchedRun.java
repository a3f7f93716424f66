package dev.ingot.accelerator.cpu;

import static org.awaitility.Awaitility.await;

import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.device.Device;
import dev.ingot.accelerator.device.DeviceBuffer;
import dev.ingot.accelerator.device.Kernel;
import dev.ingot.accelerator.device.Timeline;
import dev.ingot.accelerator.device.TimelinePoint;
import dev.ingot.accelerator.operation.Scalars;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;

/** A {@link Watched} operation that runs on a device, and the hands to watch and hold it. */
final class WatchedRun {
    private static final int ITEMS = 1000;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Path directory;
    private final Timeline done = new Timeline("done");
    private final DeviceBuffer out;

    /** Submits the operation, held if there is a file {@code hold}. */
    WatchedRun(Device device, Watched watched, Path directory) throws DeviceFault, InterruptedException {
        this.directory = directory;
        DeviceBuffer name = device.allocate(watched + " directory", Watched.NAME_BYTES);
        name.write(0, ByteBuffer.wrap(directory.toString().getBytes(StandardCharsets.UTF_8)));
        DeviceBuffer in = device.allocate(watched + " in", 8 * ITEMS);
        ByteBuffer numbers = ByteBuffer.allocate(8 * ITEMS).order(ByteOrder.LITTLE_ENDIAN);
        numbers.asLongBuffer().put(LongStream.range(0, ITEMS).toArray());
        in.write(0, numbers);
        out = device.allocate(watched + " out", 8 * ITEMS);
        device.createQueue(watched.toString())
                .submit(
                        Kernel.of(watched.operation(), List.of(name, in, out), Scalars.of("n", (long) ITEMS)),
                        new TimelinePoint(done, 1));
    }

    static void hold(Path directory) throws IOException {
        Files.createFile(directory.resolve(Watched.HOLD));
    }

    static void release(Path directory) throws IOException {
        Files.deleteIfExists(directory.resolve(Watched.HOLD));
    }

    /** The process that is in the middle of the operation. */
    static ProcessHandle awaitProcess(Path directory) throws IOException {
        Path file = directory.resolve(Watched.PROCESS);
        await().atMost(LIMIT).until(() -> Files.exists(file));
        long pid = Long.parseLong(Files.readString(file));
        Files.delete(file);
        return ProcessHandle.of(pid).orElseThrow();
    }

    ProcessHandle awaitProcess() throws IOException {
        return awaitProcess(directory);
    }

    void awaitEnd() throws DeviceFault, InterruptedException {
        done.await(1);
    }

    /** The numbers that came out, from item 0 on; right ones are 1, 2, 3 … */
    long[] results() throws DeviceFault, InterruptedException {
        ByteBuffer content = ByteBuffer.allocate(8 * ITEMS).order(ByteOrder.LITTLE_ENDIAN);
        out.read(0, content);
        long[] numbers = new long[ITEMS];
        content.flip().asLongBuffer().get(numbers);
        return numbers;
    }

    static long[] expected() {
        return LongStream.rangeClosed(1, ITEMS).toArray();
    }
}
