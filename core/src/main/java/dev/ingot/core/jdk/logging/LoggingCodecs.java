package dev.ingot.core.jdk.logging;

import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.heap.ObjectResolver;
import dev.ingot.core.jdk.access.Leaf;
import dev.ingot.core.jdk.access.Parts;
import java.util.List;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The resolvers and codecs of this package. */
public final class LoggingCodecs {

    private LoggingCodecs() {}

    public static List<ObjectResolver<?>> resolvers() {
        return List.of(new RootLoggerLeaf());
    }

    public static List<ObjectCodec<?>> codecs() {
        return List.of(new LoggerCodec(), new LevelCodec());
    }

    /** Every manager has one; its configuration is state of the JVM. */
    private static final class RootLoggerLeaf extends Leaf<Logger> {
        RootLoggerLeaf() {
            super("java.util.logging.LogManager$RootLogger", Range.TYPE);
        }

        @Override
        public @Nullable Object[] describe(Logger logger) {
            return new Object[0];
        }

        @Override
        protected Logger find(Parts parts) {
            return LogManager.getLogManager().getLogger("");
        }
    }
}
