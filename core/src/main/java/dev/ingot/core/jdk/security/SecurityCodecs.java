package dev.ingot.core.jdk.security;

import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.heap.ObjectResolver;
import dev.ingot.core.jdk.access.Leaf;
import dev.ingot.core.jdk.access.Parts;
import java.security.Provider;
import java.security.Security;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The resolvers and codecs of this package. Providers the program brought along are objects like any other. */
public final class SecurityCodecs {

    private SecurityCodecs() {}

    public static List<ObjectResolver<?>> resolvers() {
        return List.of(new ProviderLeaf());
    }

    public static List<ObjectCodec<?>> codecs() {
        return List.of(new ServiceCodec(), new TlsParametersCodec());
    }

    private static final class ProviderLeaf extends Leaf<Provider> {
        ProviderLeaf() {
            super("java.security.Provider", Range.JDK_SUBTYPES);
        }

        @Override
        public @Nullable Object[] describe(Provider provider) {
            return new Object[] {provider.getName()};
        }

        @Override
        protected Provider find(Parts parts) throws NotRestorableException {
            String name = parts.get(0, String.class);
            Provider present = Security.getProvider(name);
            if (present == null) {
                throw new NotRestorableException("cannot restore the security provider " + name
                        + ", which the program holds: this JVM has none; resume with the same security configuration");
            }
            return present;
        }
    }
}
