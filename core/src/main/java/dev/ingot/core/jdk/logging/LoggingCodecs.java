package dev.ingot.core.jdk.logging;

import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.heap.ObjectResolver;
import java.util.List;

/** The resolvers and codecs of this package. */
public final class LoggingCodecs {

    private LoggingCodecs() {}

    public static List<ObjectResolver<?>> resolvers() {
        return List.of(new RootLoggerResolver());
    }

    public static List<ObjectCodec<?>> codecs() {
        return List.of(new LoggerCodec(), new LevelCodec());
    }
}
