package dev.ingot.core.jdk;

import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.heap.ObjectResolver;
import dev.ingot.core.jdk.collection.CollectionCodecs;
import dev.ingot.core.jdk.concurrent.ConcurrentCodecs;
import dev.ingot.core.jdk.desktop.DesktopCodecs;
import dev.ingot.core.jdk.foreign.ForeignMemoryCodecs;
import dev.ingot.core.jdk.invoke.InvokeCodecs;
import dev.ingot.core.jdk.io.FilePolicy;
import dev.ingot.core.jdk.io.IoCodecs;
import dev.ingot.core.jdk.lang.LangCodecs;
import dev.ingot.core.jdk.logging.LoggingCodecs;
import dev.ingot.core.jdk.management.ManagementCodecs;
import dev.ingot.core.jdk.ref.RefCodecs;
import dev.ingot.core.jdk.reflect.ReflectCodecs;
import dev.ingot.core.jdk.remote.RemoteCodecs;
import dev.ingot.core.jdk.security.SecurityCodecs;
import dev.ingot.core.jdk.text.TextCodecs;
import dev.ingot.core.jdk.xml.XmlCodecs;
import java.util.ArrayList;
import java.util.List;

/** Every resolver and codec for types of the JDK, most specific first. */
public final class JdkCodecs {

    private JdkCodecs() {}

    /** The resolvers. */
    public static List<ObjectResolver<?>> resolvers() {
        List<ObjectResolver<?>> resolvers = new ArrayList<>();
        resolvers.addAll(ReflectCodecs.resolvers());
        resolvers.addAll(LangCodecs.resolvers());
        resolvers.addAll(SecurityCodecs.resolvers());
        resolvers.addAll(ForeignMemoryCodecs.resolvers());
        resolvers.addAll(InvokeCodecs.resolvers());
        resolvers.addAll(TextCodecs.resolvers());
        resolvers.addAll(LoggingCodecs.resolvers());
        resolvers.addAll(ManagementCodecs.resolvers());
        resolvers.addAll(IoCodecs.resolvers());
        resolvers.addAll(DesktopCodecs.resolvers());
        return List.copyOf(resolvers);
    }

    /** Codecs for a resume, behind all others of the JDK: for what was captured by one on a JDK whose version of a class needs it. */
    public static List<ObjectCodec<?>> ofImage() {
        return DesktopCodecs.ofImage();
    }

    /** The codecs; files must be found as they were left. */
    public static List<ObjectCodec<?>> codecs() {
        return codecs(FilePolicy.strict());
    }

    /** The codecs, with files treated by {@code policy}. */
    public static List<ObjectCodec<?>> codecs(FilePolicy policy) {
        return codecs(policy, List.of());
    }

    /**
     * The codecs, with files treated by {@code policy}, for a capture. What the program has associated with one of the {@code
     * loaded} classes by a {@link ClassValue} becomes part of the image.
     */
    public static List<ObjectCodec<?>> codecs(FilePolicy policy, List<Class<?>> loaded) {
        List<ObjectCodec<?>> codecs = new ArrayList<>();
        codecs.addAll(LangCodecs.codecs(loaded));
        codecs.addAll(RefCodecs.codecs());
        codecs.addAll(CollectionCodecs.codecs());
        codecs.addAll(ConcurrentCodecs.codecs());
        codecs.addAll(SecurityCodecs.codecs());
        codecs.addAll(InvokeCodecs.codecs());
        codecs.addAll(TextCodecs.codecs());
        codecs.addAll(LoggingCodecs.codecs());
        codecs.addAll(IoCodecs.codecs(policy));
        codecs.addAll(DesktopCodecs.codecs());
        codecs.addAll(RemoteCodecs.codecs());
        codecs.addAll(XmlCodecs.codecs());
        return List.copyOf(codecs);
    }
}
