package dev.ingot.scheduler.control;

import dev.ingot.scheduler.pool.NodeView;
import dev.ingot.scheduler.pool.Pool;
import dev.ingot.scheduler.pool.WorkloadView;
import dev.ingot.scheduler.wire.HeldImage;
import dev.ingot.scheduler.wire.ImageOffer;
import dev.ingot.scheduler.wire.ImageSource;
import dev.ingot.scheduler.wire.ImageTicket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Where images lie beside the pool's own disk, as nodes say with each beat. Thread-safe. */
final class ImagePlaces {
    private final Map<String, Place> places = new ConcurrentHashMap<>();

    private record Place(String address, ImageOffer offer) {
        ImageSource source(String node, ImageOffer.Door door, String ticket) {
            String host = address.contains(":") ? "[" + address + "]" : address;
            return new ImageSource(node, "https://" + host + ":" + door.port(), door.certificate(), ticket);
        }
    }

    /** A node that has its lease was heard; {@code address} is null for one that comes through the pool's socket. */
    void heard(String node, @Nullable String address, ImageOffer offer) {
        if (address == null || offer.door() == null) {
            places.remove(node);
        } else {
            places.put(node, new Place(address, offer));
        }
    }

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

    /** A node that says that it has what never came to it would learn who is to go on from that. */
    private static boolean mayHold(@Nullable WorkloadView workload, String node) {
        return workload != null
                && !workload.state().isEnded()
                && workload.history().stream().anyMatch(event -> node.equals(event.node()));
    }

    /** Where a node may have an image from, beside the pool; it must be one that the pool has given the workload in that epoch. */
    List<ImageSource> sources(Pool pool, String receiver, String workload, long epoch, String image) {
        HeldImage wanted = new HeldImage(workload, image);
        List<ImageSource> sources = new ArrayList<>();
        for (NodeView node : pool.nodes()) {
            Place place = places.get(node.name());
            ImageOffer.Door door = place == null ? null : place.offer().door();
            if (place != null
                    && door != null
                    && node.alive()
                    && !node.name().equals(receiver)
                    && place.offer().held().contains(wanted)
                    && mayHold(pool.workload(workload), node.name())) {
                String ticket = ImageTicket.of(door.key(), receiver, workload, epoch, image);
                sources.add(place.source(node.name(), door, ticket));
            }
        }
        return sources;
    }
}
