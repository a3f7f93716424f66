package dev.ingot.core.jdk.desktop;

import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.heap.ObjectResolver;
import java.util.List;

/** The resolvers and codecs of this package. Loading them touches none of the classes they are for. */
public final class DesktopCodecs {
    private DesktopCodecs() {}

    public static List<ObjectResolver<?>> resolvers() {
        return List.of(new ContextResolver());
    }

    public static List<ObjectCodec<?>> codecs() {
        return List.of(
                new ImageCodec(),
                new FontCodec(),
                new FontMetricsCodec(),
                new GraphicsCodec(),
                new EdgesCodec(),
                new NativeSideCodec(false));
    }

    /** Those for objects of an image that none of {@link #codecs} takes, since this JDK's version of their class needs none. */
    public static List<ObjectCodec<?>> ofImage() {
        return List.of(new NativeSideCodec(true));
    }
}
