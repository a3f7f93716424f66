package dev.ingot.scheduler.wire;

import dev.ingot.core.json.JsonException;
import dev.ingot.core.json.JsonObject;
import dev.ingot.core.json.JsonWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * The images on a node's own disk, as it tells the pool.
 *
 * @param held complete ones
 */
public record ImageOffer(List<HeldImage> held) {
    /** Of a node that shares the pool's disk. */
    public static final ImageOffer NONE = new ImageOffer(List.of());

    private static final String MEMBER = "images";
    private static final String WORKLOAD = "workload";
    private static final String IMAGE = "image";

    public ImageOffer {
        held = List.copyOf(held);
    }

    /** Writes it as a member of the open object. */
    void write(JsonWriter json) {
        if (!held.isEmpty()) {
            json.object(MEMBER).list("held");
            held.forEach(each -> json.element()
                    .member(WORKLOAD, each.workload())
                    .member(IMAGE, each.image())
                    .end());
            json.endList().end();
        }
    }

    /** The offer of the sender of a beat. */
    public static ImageOffer read(JsonObject beat) throws JsonException {
        if (!beat.has(MEMBER)) {
            return NONE;
        }
        List<HeldImage> held = new ArrayList<>();
        for (JsonObject each : beat.object(MEMBER).objects("held")) {
            held.add(new HeldImage(each.string(WORKLOAD), each.string(IMAGE)));
        }
        return new ImageOffer(held);
    }
}
