package dev.ingot.scheduler.simulation;

import dev.ingot.scheduler.pool.Resources;
import dev.ingot.scheduler.pool.Tier;
import dev.ingot.scheduler.pool.Usage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Samples of runs as CSV, a row each. */
public final class UsageCsv {
    private static final long THOUSAND = 1000;

    private UsageCsv() {}

    /** Writes the names of the columns. */
    public static void writeHeader(Appendable csv) throws IOException {
        csv.append("run,seconds,nodes_cores,used_cores,nodes_devices,used_devices,premium_devices,standard_devices,")
                .append("basic_devices,queued\n");
    }

    /**
     * Writes rows.
     *
     * @param run tells its rows from those of another
     */
    public static void write(String run, List<Usage> samples, Appendable csv) throws IOException {
        for (Usage sample : samples) {
            Resources used = sample.used().values().stream().reduce(Resources.NONE, Resources::plus);
            List<String> cells = new ArrayList<>();
            cells.add(run);
            cells.add(Long.toString(sample.atMillis() / THOUSAND));
            cells.add(Long.toString(sample.capacity().milliCores() / THOUSAND));
            cells.add(Long.toString(used.milliCores() / THOUSAND));
            cells.add(Resources.thousandths(sample.capacity().milliDevices()));
            cells.add(Resources.thousandths(used.milliDevices()));
            for (Tier tier : Tier.values()) {
                cells.add(Resources.thousandths(
                        sample.used().getOrDefault(tier, Resources.NONE).milliDevices()));
            }
            cells.add(Integer.toString(sample.queued()));
            csv.append(String.join(",", cells)).append('\n');
        }
    }
}
