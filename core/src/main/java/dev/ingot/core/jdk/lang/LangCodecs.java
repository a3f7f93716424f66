package dev.ingot.core.jdk.lang;

import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.heap.ObjectResolver;
import java.util.List;

/** The resolvers and codecs of this package, most specific first. */
public final class LangCodecs {

    private LangCodecs() {}

    public static List<ObjectResolver<?>> resolvers() {
        return List.of(new PackageResolver());
    }

    public static List<ObjectCodec<?>> codecs() {
        return List.of(
                new ThreadCodec(),
                new ThreadGroupCodec(),
                new ThreadContainerCodec(),
                new UrlClassPathCodec(),
                new ProtectionDomainCodec(),
                new AccessControlContextCodec());
    }
}
