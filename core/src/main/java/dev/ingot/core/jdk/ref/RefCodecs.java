package dev.ingot.core.jdk.ref;

import dev.ingot.core.heap.ObjectCodec;
import java.util.List;

/** The codecs of this package. */
public final class RefCodecs {

    private RefCodecs() {}

    public static List<ObjectCodec<?>> codecs() {
        return List.of(new ReferenceQueueCodec(), new CleanableCodec(), new CleanerCodec(), new DirectCleanerCodec());
    }
}
