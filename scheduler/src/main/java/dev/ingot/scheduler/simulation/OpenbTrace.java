package dev.ingot.scheduler.simulation;

import dev.ingot.scheduler.pool.Resources;
import dev.ingot.scheduler.pool.Tier;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the trace of Alibaba's GPU cluster of 2023 ("openb"): a list of nodes and one of pods, as CSV with a header.
 *
 * <p>Latency-sensitive pods become Premium, best-effort ones Basic, the others Standard. A part of a device counts as a whole one,
 * and any model of device will do.
 */
public final class OpenbTrace {
    private static final String NODE_HEADER = "sn,cpu_milli,memory_mib,gpu,model";
    private static final String POD_HEADER =
            "name,cpu_milli,memory_mib,num_gpu,gpu_milli,gpu_spec,qos,pod_phase,creation_time,deletion_time,scheduled_time";
    private static final int QOS = 6;
    private static final int CREATION = 8;
    private static final int DELETION = 9;
    private static final int SCHEDULED = 10;
    private static final long MILLIS = 1000;

    private OpenbTrace() {}

    /**
     * Reads a trace. Pods that never ran are left out.
     *
     * @param speedup arrivals come this many times as fast, for a fuller cluster
     * @throws IOException if a file cannot be read or is not of this form; the message names the line
     */
    public static Trace read(Path nodes, Path pods, int speedup) throws IOException {
        List<Trace.Machine> machines = new ArrayList<>();
        for (String[] row : CsvTable.rows(nodes, NODE_HEADER)) {
            machines.add(new Trace.Machine(row[0], new Resources(number(row[1]), number(row[2]), number(row[3]))));
        }
        List<Trace.Job> jobs = new ArrayList<>();
        for (String[] row : CsvTable.rows(pods, POD_HEADER)) {
            if (!row[SCHEDULED].isEmpty() && !row[DELETION].isEmpty()) {
                jobs.add(job(row, speedup));
            }
        }
        return new Trace(machines, jobs);
    }

    private static Trace.Job job(String[] row, int speedup) {
        Resources needs = new Resources(Math.max(1, number(row[1])), number(row[2]), number(row[3]));
        long run = (number(row[DELETION]) - number(row[SCHEDULED])) * MILLIS;
        return new Trace.Job(row[0], tier(row[QOS]), needs, number(row[CREATION]) * MILLIS / speedup, Math.max(1, run));
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
