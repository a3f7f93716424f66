package dev.ingot.core.jdk.remote;

import dev.ingot.core.heap.ObjectCodec;
import java.util.List;

/** The codecs of this package. */
public final class RemoteCodecs {

    private RemoteCodecs() {}

    public static List<ObjectCodec<?>> codecs() {
        return List.of(new TransportCodec(), new ChannelCodec());
    }
}
