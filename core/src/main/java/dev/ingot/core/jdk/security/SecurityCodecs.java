package dev.ingot.core.jdk.security;

import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.heap.ObjectResolver;
import dev.ingot.core.jdk.access.Leaf;
import dev.ingot.core.jdk.access.Parts;
import java.security.Provider;
import java.security.Security;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The resolvers of this package. Providers the program brought along are objects like any other. */
public final class SecurityCodecs {

    private SecurityCodecs() {}

    public static List<ObjectResolver<?>> resolvers() {
        return List.of(new ProviderLeaf(), new ServiceLeaf());
    }

    private static <T> T present(@Nullable T found, String what) throws NotRestorableException {
        if (found == null) {
            throw new NotRestorableException("cannot restore the " + what
                    + ", which the program holds: this JVM has none;" + " resume with the same security configuration");
        }
        return found;
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
            return present(Security.getProvider(name), "security provider " + name);
        }
    }

    private static final class ServiceLeaf extends Leaf<Provider.Service> {
        ServiceLeaf() {
            super("java.security.Provider$Service", Range.JDK_SUBTYPES);
        }

        @Override
        public @Nullable Object[] describe(Provider.Service service) {
            return new Object[] {service.getProvider(), service.getType(), service.getAlgorithm()};
        }

        @Override
        protected Provider.Service find(Parts parts) throws NotRestorableException {
            Provider provider = parts.get(0, Provider.class);
            String type = parts.get(1, String.class);
            String algorithm = parts.get(2, String.class);
            return present(
                    provider.getService(type, algorithm),
                    type + ' ' + algorithm + " of provider " + provider.getName());
        }
    }
}
