package dev.ingot.core.jdk.collection;

import dev.ingot.core.heap.ObjectCodec;
import java.util.List;

/** The codecs of this package. */
public final class CollectionCodecs {

    private CollectionCodecs() {}

    public static List<ObjectCodec<?>> codecs() {
        return List.of(
                new SmallSetCodec(),
                new ArraySpliteratorCodec(),
                new StreamSinkCodec(),
                new TableIteratorCodec("java.util.ImmutableCollections$SetN$SetNIterator", "elements", 1),
                new TableIteratorCodec("java.util.ImmutableCollections$MapN$MapNIterator", "table", 2));
    }
}
