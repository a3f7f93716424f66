package dev.ingot.core.seal;

import dev.ingot.core.json.JsonException;
import dev.ingot.core.json.JsonObject;
import dev.ingot.core.json.JsonWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What stands beside a sealed image in the clear. Nobody vouches for it: a change shows when the manifest does not open.
 *
 * @param cipher that sealed the image
 * @param key the data key; null once the image is erased
 * @param packBytes size of the chunk pack, for those who look at images without a key
 * @param beforeBytes the same of the earlier images that this one goes on
 */
public record Seal(SealCipher cipher, @Nullable WrappedKey key, long packBytes, List<Long> beforeBytes) {
    /** No seal has more bytes. */
    public static final int MAX_BYTES = 1 << 16;

    /** An image goes on no more others than this. */
    public static final int MAX_BEFORE = 256;

    private static final int VERSION = 1;
    private static final String PACK_BYTES = "packBytes";
    private static final String BEFORE = "before";

    public Seal {
        beforeBytes = List.copyOf(beforeBytes);
    }

    /** Whether the data key is gone, and with it everything in the image. */
    public boolean isErased() {
        return key == null;
    }

    /** The same without the key. */
    public Seal erased() {
        return new Seal(cipher, null, packBytes, beforeBytes);
    }

    Seal with(WrappedKey newKey) {
        return new Seal(cipher, newKey, packBytes, beforeBytes);
    }

    Seal with(long newPackBytes, List<Long> newBeforeBytes) {
        return new Seal(cipher, key, newPackBytes, newBeforeBytes);
    }

    /** The text as it lies in the file. */
    public byte[] toBytes() {
        JsonWriter json = JsonWriter.indented()
                .member("seal", VERSION)
                .member("cipher", cipher.text())
                .member(PACK_BYTES, packBytes);
        if (key == null) {
            json.member("erased", true);
        } else {
            json.member("provider", key.provider()).member("keyId", key.keyId()).member("wrappedKey", key.text());
        }
        if (!beforeBytes.isEmpty()) {
            json.list(BEFORE);
            beforeBytes.forEach(
                    bytes -> json.element().member(PACK_BYTES, bytes).end());
            json.endList();
        }
        return (json.finish() + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** Reads what {@link #toBytes} made. */
    public static Seal parse(byte[] bytes) throws KeyException {
        try {
            JsonObject json = JsonObject.parse(new String(bytes, StandardCharsets.UTF_8));
            long version = json.integer("seal");
            if (version != VERSION) {
                throw new KeyException(
                        KeyException.Reason.FORGED,
                        "its seal is of version " + version + ", this Ingot reads " + VERSION);
            }
            SealCipher cipher = SealCipher.parse(json.string("cipher"));
            long packBytes = json.integer(PACK_BYTES, 0, Long.MAX_VALUE);
            WrappedKey key = json.has("erased")
                    ? null
                    : new WrappedKey(json.string("provider"), json.string("keyId"), json.string("wrappedKey"));
            return new Seal(cipher, key, packBytes, before(json));
        } catch (JsonException malformed) {
            throw new KeyException(
                    KeyException.Reason.FORGED, "its seal is damaged: " + malformed.getMessage(), malformed);
        }
    }

    private static List<Long> before(JsonObject json) throws JsonException {
        List<Long> sizes = new ArrayList<>();
        for (JsonObject pack : json.has(BEFORE) ? json.objects(BEFORE) : List.<JsonObject>of()) {
            sizes.add(pack.integer(PACK_BYTES, 0, Long.MAX_VALUE));
        }
        if (sizes.size() > MAX_BEFORE) {
            throw new JsonException(sizes.size() + " earlier images are more than the " + MAX_BEFORE + " allowed");
        }
        return sizes;
    }
}
