package dev.ingot.scheduler.wire;

import dev.ingot.core.json.JsonException;
import dev.ingot.core.json.JsonObject;
import dev.ingot.core.json.JsonWriter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The images on a node's own disk, as it tells the pool.
 *
 * @param held complete ones
 * @param door where other nodes may have them from it; null if nowhere
 */
public record ImageOffer(List<HeldImage> held, @Nullable Door door) {
    /** Of a node that shares the pool's disk. */
    public static final ImageOffer NONE = new ImageOffer(List.of(), null);

    private static final String MEMBER = "images";
    private static final String WORKLOAD = "workload";
    private static final String IMAGE = "image";
    private static final String DOOR = "door";
    private static final String PORT = "port";
    private static final String CERTIFICATE = "certificate";
    private static final String KEY = "key";
    private static final int MOST_PORT = 65_535;

    /**
     * Where a node serves images to others, by TLS.
     *
     * @param certificate the SHA-256 of the one that it shows, in hexadecimal
     * @param key by which {@link ImageTicket tickets} are made, 32 bytes in hexadecimal; a secret
     */
    public record Door(int port, String certificate, String key) {
        @Override
        public String toString() {
            return "port " + port;
        }
    }

    public ImageOffer {
        held = List.copyOf(held);
    }

    /** Writes it as a member of the open object. */
    void write(JsonWriter json) {
        if (!held.isEmpty() || door != null) {
            json.object(MEMBER).list("held");
            held.forEach(each -> json.element()
                    .member(WORKLOAD, each.workload())
                    .member(IMAGE, each.image())
                    .end());
            json.endList();
            if (door != null) {
                json.object(DOOR)
                        .member(PORT, door.port())
                        .member(CERTIFICATE, door.certificate())
                        .member(KEY, door.key())
                        .end();
            }
            json.end();
        }
    }

    /** The offer of the sender of a beat. */
    public static ImageOffer read(JsonObject beat) throws JsonException {
        if (!beat.has(MEMBER)) {
            return NONE;
        }
        JsonObject images = beat.object(MEMBER);
        List<HeldImage> held = new ArrayList<>();
        for (JsonObject each : images.objects("held")) {
            held.add(new HeldImage(each.string(WORKLOAD), each.string(IMAGE)));
        }
        return new ImageOffer(held, images.has(DOOR) ? door(images.object(DOOR)) : null);
    }

    private static Door door(JsonObject json) throws JsonException {
        String certificate = json.string(CERTIFICATE);
        if (!ContentHash.isHash(certificate)) {
            throw new JsonException("'" + certificate + "' is not the hash of a certificate");
        }
        String key = json.string(KEY);
        if (!ContentHash.isHash(key)) {
            throw new JsonException("a key for tickets has 32 bytes");
        }
        return new Door((int) json.integer(PORT, 1, MOST_PORT), certificate, key);
    }
}
