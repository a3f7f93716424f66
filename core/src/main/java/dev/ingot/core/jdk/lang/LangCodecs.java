package dev.ingot.core.jdk.lang;

import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.heap.ObjectResolver;
import java.util.List;

/** The resolvers and codecs of this package, most specific first. */
public final class LangCodecs {

    private LangCodecs() {}

    public static List<ObjectResolver<?>> resolvers() {
        return List.of(new PackageResolver(), new StackWalkerResolver());
    }

    /** The codecs; {@code loaded} are the classes of which class values may hold something that belongs into the image. */
    public static List<ObjectCodec<?>> codecs(List<Class<?>> loaded) {
        return List.of(
                new OtherAgentCodec(),
                new ClassValueCodec(loaded),
                new VirtualThreadCodec(),
                new ThreadCodec(),
                new ThreadGroupCodec(),
                new ThreadContainerCodec(),
                new ThreadPerTaskExecutorCodec(),
                new UrlClassPathCodec(),
                new StackFrameCodec(),
                new ProtectionDomainCodec(),
                new AccessControlContextCodec());
    }
}
