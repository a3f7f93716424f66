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
 * Jobs that run as long as those of Microsoft's Philly did (Jeon et al., ATC 2019). The list has run times alone, by length: the order, the
 * arrivals and the tiers are made up, always the same; each job has one device.
 */
public final class PhillyTrace {
    private static final String HEADER = "runtime";
    private static final double MILLIS = 1000;
    private static final long SEED = 1;

    private PhillyTrace() {}

    /**
     * Reads run times. Jobs of no time at all are left out.
     *
     * @param load that they are to be for the machines while they come; 1 is as much as those can do
     * @throws IOException if the file cannot be read or is not of this form; the message names the line
     */
    public static Trace read(Path file, int machines, int devices, double load) throws IOException {
        List<Long> runs = new ArrayList<>();
        int line = 1;
        for (String[] row : CsvTable.rows(file, HEADER)) {
            line++;
            double seconds = seconds(row[0], file, line);
            if (seconds > 0) {
                runs.add((long) (seconds * MILLIS));
            }
        }
        Random random = new Random(SEED);
        Collections.shuffle(runs, random);
        double work = runs.stream().mapToDouble(Long::doubleValue).sum();
        PoissonArrivals arrivals = new PoissonArrivals(random, runs.size(), work, (double) machines * devices, load);
        List<Trace.Job> jobs = new ArrayList<>();
        for (long run : runs) {
            long at = arrivals.next();
            Tier tier = MadeTrace.tier(random);
            jobs.add(new Trace.Job("job-" + jobs.size(), tier, new Resources(1, 1, Resources.WHOLE_DEVICE), at, run));
        }
        return new Trace(Trace.alike(machines, devices), jobs);
    }

    private static double seconds(String cell, Path file, int line) throws IOException {
        double seconds;
        try {
            seconds = Double.parseDouble(cell);
        } catch (NumberFormatException unknown) {
            throw new IOException(file + " has no time in line " + line + " but " + cell, unknown);
        }
        if (!(seconds >= 0) || Double.isInfinite(seconds)) {
            throw new IOException(file + " has no time in line " + line + " but " + cell);
        }
        return seconds;
    }
}
