package dev.ingot.scheduler.simulation;

import dev.ingot.scheduler.pool.Resources;
import dev.ingot.scheduler.pool.Tier;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoField;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;

/**
 * A service of language models under the requests of one of Azure's traces of 2023, and batch work that would fill the machines by itself.
 *
 * <p>A request takes the time of its tokens, a replica serves some at a time on one device, and there are as many replicas as are needed at
 * that moment; one that has had nothing to do for a minute goes. Replicas are Premium, batch work is Basic. The speeds are
 * assumptions, of the order of a model with 70 billion parameters on a node of its time; the requests are those of the trace.
 */
public final class AzureTrace {
    private static final String HEADER = "TIMESTAMP,ContextTokens,GeneratedTokens";
    private static final double MILLIS_PER_CONTEXT_TOKEN = 0.25;
    private static final double MILLIS_PER_GENERATED_TOKEN = 25;
    private static final int REQUESTS_AT_A_TIME = 4;
    private static final long IDLE_MILLIS = 60_000;
    private static final long BATCH_MILLIS = 600_000;
    private static final Resources DEVICE = new Resources(1, 1, Resources.WHOLE_DEVICE);
    private static final DateTimeFormatter TIME = new DateTimeFormatterBuilder()
            .appendPattern("yyyy-MM-dd HH:mm:ss")
            .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
            .toFormatter();

    /** When the replica of each number began to be needed, and was needed last. */
    private final List<long[]> needed = new ArrayList<>();

    private final List<Trace.Job> jobs = new ArrayList<>();

    private AzureTrace() {}

    /**
     * Reads requests.
     *
     * @throws IOException if the file cannot be read or is not of this form; the message names the line
     */
    public static Trace read(Path file, int machines, int devices) throws IOException {
        AzureTrace trace = new AzureTrace();
        long end = trace.serve(file);
        long count = machines * (long) devices * Math.max(1, end) / BATCH_MILLIS + 1;
        for (int number = 0; number < count; number++) {
            trace.jobs.add(new Trace.Job("batch-" + number, Tier.BASIC, DEVICE, 0, BATCH_MILLIS));
        }
        return new Trace(Trace.alike(machines, devices), trace.jobs);
    }

    /** Returns when the last replica goes. */
    private long serve(Path file) throws IOException {
        PriorityQueue<Long> ends = new PriorityQueue<>();
        LocalDateTime first = null;
        long last = 0;
        int line = 1;
        for (String[] row : CsvTable.rows(file, HEADER)) {
            line++;
            try {
                LocalDateTime time = LocalDateTime.parse(row[0], TIME);
                first = first == null ? time : first;
                // Those of the same moment are not always in order.
                last = Math.max(last, Duration.between(first, time).toMillis());
                while (!ends.isEmpty() && ends.element() <= last) {
                    need(ends.size(), ends.remove());
                }
                ends.add(last
                        + (long) (Integer.parseInt(row[1]) * MILLIS_PER_CONTEXT_TOKEN
                                + Integer.parseInt(row[2]) * MILLIS_PER_GENERATED_TOKEN));
                need(ends.size(), last);
            } catch (DateTimeParseException | NumberFormatException unknown) {
                throw new IOException(file + " has no request in line " + line + ": " + unknown.getMessage(), unknown);
            }
        }
        while (!ends.isEmpty()) {
            last = Math.max(last, ends.element());
            need(ends.size(), ends.remove());
        }
        for (int replica = 0; replica < needed.size(); replica++) {
            add(replica);
        }
        return last + IDLE_MILLIS;
    }

    private void need(int requests, long at) {
        int replicas = (requests + REQUESTS_AT_A_TIME - 1) / REQUESTS_AT_A_TIME;
        for (int replica = 0; replica < replicas; replica++) {
            if (replica == needed.size()) {
                needed.add(new long[] {at, at});
            } else if (at - needed.get(replica)[1] > IDLE_MILLIS) {
                add(replica);
                needed.set(replica, new long[] {at, at});
            } else {
                needed.get(replica)[1] = at;
            }
        }
    }

    private void add(int replica) {
        long[] span = needed.get(replica);
        jobs.add(new Trace.Job(
                "replica-" + replica + "-" + span[0], Tier.PREMIUM, DEVICE, span[0], span[1] - span[0] + IDLE_MILLIS));
    }
}
