package dev.ingot.scheduler.simulation;

import dev.ingot.scheduler.pool.Resources;
import dev.ingot.scheduler.pool.Tier;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Reads the trace of Alibaba's GPU cluster of 2023 ("openb"): a list of nodes and one of pods, as CSV with a header.
 *
 * <p>Latency-sensitive pods become Premium, best-effort ones Basic, the others Standard. Any
 * model of device will do.
 */
public final class OpenbTrace {
    private static final String NODE_HEADER = "sn,cpu_milli,memory_mib,gpu,model";
    private static final String POD_HEADER =
            "name,cpu_milli,memory_mib,num_gpu,gpu_milli,gpu_spec,qos,pod_phase,creation_time,deletion_time,scheduled_time";
    private static final int NUMBER = 3;
    private static final int PART = 4;
    private static final int QOS = 6;
    private static final int CREATION = 8;
    private static final int DELETION = 9;
    private static final int SCHEDULED = 10;
    private static final long MILLIS = 1000;
    private static final long FOR_EVER = Long.MAX_VALUE / 4;

    private OpenbTrace() {}

    /**
     * Reads a trace. Pods that never ran are left out.
     *
     * @param speedup arrivals come this many times as fast, for a fuller cluster
     * @throws IOException if a file cannot be read or is not of this form; the message names the line
     */
    public static Trace read(Path nodes, Path pods, int speedup) throws IOException {
        List<Trace.Machine> machines = machines(nodes);
        List<Trace.Job> jobs = new ArrayList<>();
        for (String[] row : CsvTable.rows(pods, POD_HEADER)) {
            if (!row[SCHEDULED].isEmpty() && !row[DELETION].isEmpty()) {
                jobs.add(job(row, speedup));
            }
        }
        return new Trace(machines, jobs);
    }

    /**
     * Reads a trace for packing: all pods in random order, then others drawn from them, until they ask for {@code load} times the devices there
     * are. They are alike but for what they need, come one after the other, and stay.
     *
     * @param seed for another order
     * @throws IOException if a file cannot be read or is not of this form; the message names the line
     */
    public static Trace packing(Path nodes, Path pods, double load, long seed) throws IOException {
        List<Trace.Machine> machines = machines(nodes);
        List<Resources> kinds = new ArrayList<>();
        for (String[] row : CsvTable.rows(pods, POD_HEADER)) {
            kinds.add(needs(row));
        }
        Random random = new Random(seed);
        Collections.shuffle(kinds, random);
        double wanted = load
                * machines.stream()
                        .mapToLong(machine -> machine.capacity().milliDevices())
                        .sum();
        List<Trace.Job> jobs = new ArrayList<>();
        for (long asked = 0; asked < wanted; ) {
            Resources needs = kinds.get(jobs.size() < kinds.size() ? jobs.size() : random.nextInt(kinds.size()));
            asked += needs.milliDevices();
            jobs.add(new Trace.Job("pod-" + jobs.size(), Tier.STANDARD, needs, jobs.size(), FOR_EVER));
        }
        return new Trace(machines, jobs);
    }

    private static List<Trace.Machine> machines(Path nodes) throws IOException {
        List<Trace.Machine> machines = new ArrayList<>();
        for (String[] row : CsvTable.rows(nodes, NODE_HEADER)) {
            long devices = number(row[3]) * Resources.WHOLE_DEVICE;
            machines.add(new Trace.Machine(row[0], new Resources(number(row[1]), number(row[2]), devices)));
        }
        return machines;
    }

    private static Resources needs(String[] row) {
        // Of several devices all are whole ones.
        long devices = number(row[NUMBER]) * (number(row[NUMBER]) == 1 ? number(row[PART]) : Resources.WHOLE_DEVICE);
        return new Resources(Math.max(1, number(row[1])), number(row[2]), devices);
    }

    private static Trace.Job job(String[] row, int speedup) {
        long run = (number(row[DELETION]) - number(row[SCHEDULED])) * MILLIS;
        return new Trace.Job(
                row[0], tier(row[QOS]), needs(row), number(row[CREATION]) * MILLIS / speedup, Math.max(1, run));
    }

    private static Tier tier(String qos) {
        return switch (qos) {
            case "LS" -> Tier.PREMIUM;
            case "BE" -> Tier.BASIC;
            default -> Tier.STANDARD;
        };
    }

    private static long number(String cell) {
        return (long) Double.parseDouble(cell);
    }
}
