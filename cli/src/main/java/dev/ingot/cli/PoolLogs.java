package dev.ingot.cli;

import dev.ingot.core.json.JsonException;
import dev.ingot.scheduler.pool.OutputPart;
import dev.ingot.scheduler.pool.WorkloadView;
import dev.ingot.scheduler.wire.PoolDirectory;
import dev.ingot.scheduler.wire.PoolException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "logs",
        description = {
            "Prints what a workload has written, each line once however often it was moved or its node was lost.",
            "What no image covers yet could be taken back by a failover; it is shown with --live only, or when the workload"
                    + " has ended."
        },
        mixinStandardHelpOptions = true)
final class PoolLogs implements Callable<Integer> {
    private static final long PERIOD_MILLIS = 100;
    private static final int BUFFER_BYTES = 1 << 16;

    @Mixin
    private PoolOption pool = new PoolOption();

    @Option(
            names = {"-f", "--follow"},
            description = "Goes on until the workload has ended.")
    private boolean follow;

    @Option(names = "--live", description = "Prints all there is now, also what no image covers yet.")
    private boolean live;

    @Parameters(paramLabel = "ID", description = "The workload.")
    private String id = "";

    @Override
    public Integer call() throws PoolException, JsonException, IOException, InterruptedException, CommandException {
        if (follow && live) {
            throw new CommandException(
                    ExitCode.USAGE, "--follow prints each line once and cannot take any back: leave out" + " --live");
        }
        Workloads workloads = new Workloads(pool.client());
        long printed = 0;
        WorkloadView view = workloads.get(id);
        while (true) {
            printed = print(live ? everything(view) : view.output(), printed, System.out);
            if (!follow || view.state().isEnded()) {
                return ExitCode.OK;
            }
            TimeUnit.MILLISECONDS.sleep(PERIOD_MILLIS);
            view = workloads.get(id);
        }
    }

    private List<OutputPart> everything(WorkloadView view) throws IOException {
        Path present = pool.directory().output(id, view.epoch());
        if (view.state().isEnded() || !view.state().isPlaced() || Files.notExists(present)) {
            return view.output();
        }
        List<OutputPart> parts = new ArrayList<>(view.base());
        parts.add(new OutputPart(view.epoch(), Files.size(present)));
        return parts;
    }

    /** What is certain only ever grows, so a number says what was printed. */
    private long print(List<OutputPart> parts, long printed, OutputStream out) throws IOException {
        PoolDirectory directory = pool.directory();
        long skip = printed;
        long total = printed;
        for (OutputPart part : parts) {
            long from = Math.min(skip, part.length());
            skip -= from;
            if (from < part.length()) {
                copy(directory.output(id, part.epoch()), from, part.length(), out);
                total += part.length() - from;
            }
        }
        out.flush();
        return total;
    }

    private static void copy(Path file, long from, long to, OutputStream out) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
        try (FileChannel channel = FileChannel.open(file)) {
            long place = from;
            while (place < to) {
                buffer.clear().limit((int) Math.min(BUFFER_BYTES, to - place));
                int read = channel.read(buffer, place);
                if (read < 0) {
                    throw new IOException(file + " ends at byte " + place + ", but should have " + to);
                }
                out.write(buffer.array(), 0, read);
                place += read;
            }
        }
    }
}
