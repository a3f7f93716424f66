package dev.ingot.core.jdk.management;

import dev.ingot.core.heap.ObjectResolver;
import java.util.List;

/** The resolvers of this package. */
public final class ManagementCodecs {

    private ManagementCodecs() {}

    public static List<ObjectResolver<?>> resolvers() {
        return List.of(new PlatformBeanResolver());
    }
}
