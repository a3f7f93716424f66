package dev.ingot.core.heap;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The resolvers and codecs of an image, each list with the most specific first. Resolvers come before codecs. */
public record ObjectCodecs(List<? extends ObjectResolver<?>> resolvers, List<? extends ObjectCodec<?>> codecs) {
    /** Plain fields only. */
    public static final ObjectCodecs NONE = new ObjectCodecs(List.of(), List.of());

    public ObjectCodecs {
        resolvers = List.copyOf(resolvers);
        codecs = List.copyOf(codecs);
    }

    @SuppressWarnings("unchecked") // accepts() is the type check.
    @Nullable ObjectResolver<Object> resolverOf(Class<?> type) {
        for (ObjectResolver<?> resolver : resolvers) {
            if (resolver.accepts(type)) {
                return (ObjectResolver<Object>) resolver;
            }
        }
        return null;
    }

    @SuppressWarnings("unchecked") // accepts() is the type check.
    @Nullable ObjectCodec<Object> codecOf(Class<?> type) {
        for (ObjectCodec<?> codec : codecs) {
            if (codec.accepts(type)) {
                return (ObjectCodec<Object>) codec;
            }
        }
        return null;
    }
}
