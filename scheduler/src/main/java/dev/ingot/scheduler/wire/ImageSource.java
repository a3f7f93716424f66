package dev.ingot.scheduler.wire;

import dev.ingot.core.json.JsonException;
import dev.ingot.core.json.JsonObject;
import dev.ingot.core.json.JsonWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * A node from which another one may have an image, as the pool tells that one.
 *
 * @param uri where it serves images
 * @param certificate the SHA-256 of the one that it shows there, in hexadecimal
 * @param ticket see {@link ImageTicket}
 */
public record ImageSource(String node, String uri, String certificate, String ticket) {
    private static final String MEMBER = "sources";

    /** Writes some as a member of the open object. */
    public static void write(JsonWriter json, List<ImageSource> sources) {
        json.list(MEMBER);
        sources.forEach(each -> json.element()
                .member("node", each.node())
                .member("uri", each.uri())
                .member("certificate", each.certificate())
                .member("ticket", each.ticket())
                .end());
        json.endList();
    }

    /** Those that the pool has answered with. */
    public static List<ImageSource> read(JsonObject answer) throws JsonException {
        List<ImageSource> sources = new ArrayList<>();
        for (JsonObject each : answer.objects(MEMBER)) {
            sources.add(new ImageSource(
                    each.string("node"), each.string("uri"), each.string("certificate"), each.string("ticket")));
        }
        return sources;
    }
}
