package dev.ingot.scheduler.control;

import dev.ingot.scheduler.pool.Pool;
import dev.ingot.scheduler.pool.WorkloadView;
import dev.ingot.scheduler.wire.HeldImage;
import dev.ingot.scheduler.wire.ImageOffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where images lie beside the pool's own disk. */
final class ImagePlaces {
    private ImagePlaces() {}

    /**
     * The workloads of which a node need not keep images any more. Of those that it never had it learns nothing: they are among these, be
     * they known or not.
     */
    static List<String> gone(Pool pool, String node, ImageOffer offer) {
        return offer.held().stream()
                .map(HeldImage::workload)
                .distinct()
                .filter(workload -> !mayHold(pool.workload(workload), node))
                .toList();
    }

    private static boolean mayHold(@Nullable WorkloadView workload, String node) {
        return workload != null
                && !workload.state().isEnded()
                && workload.history().stream().anyMatch(event -> node.equals(event.node()));
    }
}
