package dev.ingot.scheduler.simulation;

import dev.ingot.scheduler.pool.Resources;
import dev.ingot.scheduler.pool.Tier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * Reads the traces of virtual clusters that Gavel's authors made of Microsoft's Philly: one file for each, which becomes a tenant.
 *
 * <p>A job runs as long as its steps take at the throughput that was measured of it on V100s, on as many as it asks for, or in proportion to that on fewer. All are of one tier.
 */
public final class GavelTrace {
    private static final int TYPE = 0;
    private static final int STEPS = 4;
    private static final int ARRIVAL = 5;
    private static final int SCALE = 6;
    private static final int COLUMNS = 7;
    private static final double MILLIS = 1000;
    private static final int MOST_CHARACTERS = 64 << 20;

    private GavelTrace() {}

    /**
     * Reads all traces of a directory, in the order of their names.
     *
     * @param throughputs of the types of jobs, as JSON
     * @throws IOException if a file cannot be read or is not of this form; the message names the line
     */
    public static Trace read(Path directory, Path throughputs, int machines, int devices) throws IOException {
        Map<?, ?> measured = member(
                new Load(LoadSettings.builder()
                                .setCodePointLimit(MOST_CHARACTERS)
                                .build())
                        .loadFromString(Files.readString(throughputs)),
                "v100",
                throughputs);
        List<Trace.Job> jobs = new ArrayList<>();
        List<Path> files;
        try (Stream<Path> all = Files.list(directory)) {
            files = all.filter(file -> file.toString().endsWith(".trace"))
                    .sorted()
                    .toList();
        }
        for (Path file : files) {
            String tenant = "vc-" + file.getFileName().toString().replace(".trace", "");
            int line = 0;
            for (String row : Files.readAllLines(file)) {
                line++;
                String[] cells = row.split("\t", -1);
                if (cells.length != COLUMNS) {
                    throw new IOException(
                            file + " has " + cells.length + " columns in line " + line + " instead of " + COLUMNS);
                }
                jobs.add(job(tenant, tenant + "-" + line, cells, measured, throughputs));
            }
        }
        return new Trace(Trace.alike(machines, devices), jobs);
    }

    private static Trace.Job job(String tenant, String name, String[] cells, Map<?, ?> measured, Path throughputs)
            throws IOException {
        int scale = Integer.parseInt(cells[SCALE]);
        double run = Double.parseDouble(cells[STEPS]) / throughput(measured, cells[TYPE], scale, throughputs) * MILLIS;
        return new Trace.Job(
                name,
                tenant,
                Tier.STANDARD,
                new Resources(1, 1, Resources.WHOLE_DEVICE),
                scale,
                (long) (Double.parseDouble(cells[ARRIVAL]) * MILLIS),
                Math.max(1, (long) run));
    }

    /** In steps a second; where it was not measured on so many, as many times that on half of them, and so on. */
    private static double throughput(Map<?, ?> measured, String type, int scale, Path throughputs) throws IOException {
        String key = "('" + type + "', " + scale + ")";
        if (scale > 1 && !measured.containsKey(key)) {
            return 2 * throughput(measured, type, scale / 2, throughputs);
        }
        Object throughput = member(measured, key, throughputs).get("null");
        if (throughput instanceof Number stepsPerSecond && stepsPerSecond.doubleValue() > 0) {
            return stepsPerSecond.doubleValue();
        }
        throw new IOException(throughputs + " does not say how fast " + type + " is on " + scale);
    }

    private static Map<?, ?> member(@Nullable Object map, String name, Path file) throws IOException {
        if (map instanceof Map<?, ?> all && all.get(name) instanceof Map<?, ?> member) {
            return member;
        }
        throw new IOException(file + " says nothing of " + name);
    }
}
