package dev.ingot.core.jdk.foreign;

import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.heap.ObjectResolver;
import java.util.List;
import java.util.Set;

/** The resolvers and codecs of this package. Loading them touches none of the classes they are for. */
public final class ForeignMemoryCodecs {
    private ForeignMemoryCodecs() {}

    public static List<ObjectResolver<?>> resolvers() {
        return List.of(new NativeCallResolver());
    }

    /**
     * The codecs, for one image.
     *
     * @param loaded the files of the libraries that the program has loaded by {@code System.load}
     * @param mayForget whether libraries may lose what they keep in native memory
     */
    public static List<ObjectCodec<?>> codecs(Set<String> loaded, boolean mayForget) {
        return List.of(
                new ReleaseCodec(),
                new ReleaseListCodec(),
                new AutomaticArenaCodec(),
                new OpenedLibraryCodec(mayForget),
                new SegmentCodec(loaded));
    }
}
