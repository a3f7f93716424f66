package dev.ingot.benchmarks.heap;

import dev.ingot.core.heap.HeapHistory;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Writes a graph again and again, each time after a part of it has changed, as images that say only what changed, and compares the
 * reading of such an image with that of a whole one: {@code [SCALE [PERCENT [IMAGES]]]}. CPU times of the writing and reading
 * thread.
 */
public final class ChainProgram {
    private static final double NANOS_PER_MILLI = 1e6;
    private static final int READS = 3;

    private final IngotEngine engine = new IngotEngine();
    private final HeapHistory history = HeapHistory.empty();
    private final ByteStore head = new ByteStore();
    private final List<ByteStore> segments = new ArrayList<>();
    private final Random random = new Random(5);

    private ChainProgram() {}

    /** The command. */
    public static void main(String[] arguments) throws Exception {
        double scale = arguments.length > 0 ? Double.parseDouble(arguments[0]) : 1;
        double percent = arguments.length > 1 ? Double.parseDouble(arguments[1]) : 1;
        int images = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 10;
        new ChainProgram().run(scale, percent, images);
    }

    private void run(double scale, double percent, int images) throws Exception {
        Shop shop = (Shop) HeapGraph.APPLICATION.build(scale);
        for (int warmUp = 0; warmUp < READS; warmUp++) {
            engine.write(shop);
            engine.read();
        }
        System.out.println(
                "| image | of | write, ms | MB | read, ms | a whole image: write, ms | MB | read, ms | read to go on, ms |");
        System.out.println("|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
        for (int image = 1; image <= images; image++) {
            if (image > 1) {
                shop.change(percent / 100, random);
            }
            long write = timed(() -> write(shop));
            long added = segments.get(segments.size() - 1).size();
            long read = fastest(this::read);
            long whole = timed(() -> engine.write(shop));
            System.out.printf(
                    Locale.ROOT,
                    "| %d | %d | %.0f | %.1f | %.0f | %.0f | %.1f | %.0f | %.0f |%n",
                    image,
                    segments.size(),
                    write / NANOS_PER_MILLI,
                    added / 1e6,
                    read / NANOS_PER_MILLI,
                    whole / NANOS_PER_MILLI,
                    engine.bytes() / 1e6,
                    fastest(engine::read) / NANOS_PER_MILLI,
                    fastest(engine::readToGoOn) / NANOS_PER_MILLI);
        }
    }

    private void write(Object root) throws Exception {
        if (!history.continues()) {
            segments.clear();
        }
        ByteStore segment = new ByteStore();
        engine.write(root, history, head.output(), segment.output());
        segments.add(segment);
    }

    private void read() throws IOException, Exception {
        List<InputStream> all = new ArrayList<>();
        all.add(head.input());
        segments.forEach(segment -> all.add(segment.input()));
        long bytes = head.size() + segments.stream().mapToLong(ByteStore::size).sum();
        engine.read(new SequenceInputStream(Collections.enumeration(all)), bytes);
    }

    private interface Work {
        void run() throws Exception;
    }

    private static long fastest(Work work) throws Exception {
        long fastest = Long.MAX_VALUE;
        for (int round = 0; round < READS; round++) {
            System.gc();
            fastest = Math.min(fastest, timed(work));
        }
        return fastest;
    }

    private static long timed(Work work) throws Exception {
        long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        work.run();
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before;
    }
}
