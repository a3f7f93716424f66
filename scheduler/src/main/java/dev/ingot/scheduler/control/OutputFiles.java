package dev.ingot.scheduler.control;

import dev.ingot.scheduler.pool.OutputPart;
import dev.ingot.scheduler.pool.WorkloadView;
import dev.ingot.scheduler.wire.PoolDirectory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What workloads wrote, put together from the files of their epochs. */
final class OutputFiles {
    private final PoolDirectory directory;

    OutputFiles(PoolDirectory directory) {
        this.directory = directory;
    }

    /** What is certain of a workload's output, or all that there is now. */
    List<OutputPart> parts(WorkloadView view, boolean live) throws IOException {
        Path present = directory.output(view.id(), view.epoch());
        if (!live || !view.state().isPlaced() || Files.notExists(present)) {
            return view.output();
        }
        List<OutputPart> parts = new ArrayList<>(view.base());
        parts.add(new OutputPart(view.epoch(), Files.size(present)));
        return parts;
    }

    static long length(List<OutputPart> parts) {
        return parts.stream().mapToLong(OutputPart::length).sum();
    }

    /** Reads from byte {@code from} of the parts, at most so many. */
    byte[] read(String id, List<OutputPart> parts, long from, int most) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate((int) Math.max(0, Math.min(most, length(parts) - from)));
        long skip = from;
        for (OutputPart part : parts) {
            long begin = Math.min(skip, part.length());
            skip -= begin;
            if (begin < part.length() && bytes.hasRemaining()) {
                read(directory.output(id, part.epoch()), begin, part.length(), bytes);
            }
        }
        return bytes.array();
    }

    private static void read(Path file, long from, long to, ByteBuffer bytes) throws IOException {
        int limit = bytes.limit();
        try (FileChannel channel = FileChannel.open(file)) {
            bytes.limit((int) Math.min(limit, bytes.position() + to - from));
            long place = from;
            while (bytes.hasRemaining()) {
                int read = channel.read(bytes, place);
                if (read < 0) {
                    throw new IOException(file + " ends at byte " + place + ", but should have " + to);
                }
                place += read;
            }
        } finally {
            bytes.limit(limit);
        }
    }
}
