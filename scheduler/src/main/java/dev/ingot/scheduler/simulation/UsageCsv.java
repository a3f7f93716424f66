package dev.ingot.scheduler.simulation;

import dev.ingot.scheduler.pool.Resources;
import dev.ingot.scheduler.pool.Tier;
import dev.ingot.scheduler.pool.Usage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Samples of a run as CSV, a row each. */
public final class UsageCsv {
    private static final long THOUSAND = 1000;

    private UsageCsv() {}

    /** Writes a header and the rows. */
    public static void write(List<Usage> samples, Appendable csv) throws IOException {
        csv.append("seconds,nodes_cores,used_cores,nodes_devices,used_devices,premium_devices,standard_devices,")
                .append("basic_devices,queued\n");
        for (Usage sample : samples) {
            Resources used = sample.used().values().stream().reduce(Resources.NONE, Resources::plus);
            List<String> cells = new ArrayList<>();
            cells.add(Long.toString(sample.atMillis() / THOUSAND));
            cells.add(Long.toString(sample.capacity().milliCores() / THOUSAND));
            cells.add(Long.toString(used.milliCores() / THOUSAND));
            cells.add(Long.toString(sample.capacity().devices()));
            cells.add(Long.toString(used.devices()));
            for (Tier tier : Tier.values()) {
                cells.add(Long.toString(
                        sample.used().getOrDefault(tier, Resources.NONE).devices()));
            }
            cells.add(Integer.toString(sample.queued()));
            csv.append(String.join(",", cells)).append('\n');
        }
    }
}
