package dev.ingot.core.jdk.security;

import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.jdk.access.JdkClass;
import dev.ingot.core.jdk.access.Slot;
import dev.ingot.core.jdk.io.FieldState;
import java.security.Provider;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Services of security providers. One of a provider of the JDK becomes what this JVM's has under its name; one of a provider that the program
 * brought along is an object like any other, apart from what it has looked up.
 */
final class ServiceCodec implements ObjectCodec<Provider.Service> {
    private static final String SERVICE = "java.security.Provider$Service";
    /** By way of reflection, and found again at the next use. */
    private static final Set<String> LOOKED_UP = Set.of("classRef", "classCache", "constructorRef", "constructorCache");

    private static final int PROVIDER = 0;
    private static final int TYPE = 1;
    private static final int ALGORITHM = 2;

    @Override
    public boolean accepts(Class<?> type) {
        return JdkClass.isJdk(type) && JdkClass.isSubtype(type, SERVICE);
    }

    @Override
    public Object[] capture(Provider.Service service) {
        Provider provider = service.getProvider();
        return JdkClass.isJdk(provider.getClass())
                ? new Object[] {provider, service.getType(), service.getAlgorithm()}
                : FieldState.capture(service, LOOKED_UP);
    }

    @Override
    public void restore(Provider.Service service, @Nullable Object[] state) throws NotRestorableException {
        if (!(state[PROVIDER] instanceof Provider provider)) {
            FieldState.restore(service, state);
            return;
        }
        String type = (String) Objects.requireNonNull(state[TYPE]);
        String algorithm = (String) Objects.requireNonNull(state[ALGORITHM]);
        Provider.Service present = provider.getService(type, algorithm);
        if (present == null) {
            throw new NotRestorableException(
                    "cannot restore the " + type + ' ' + algorithm + " of the security provider "
                            + provider.getName()
                            + ", which the program holds: this JVM's has none; resume with the same security"
                            + " configuration");
        }
        FieldState.restore(service, FieldState.capture(present, Set.of()));
        // Before that it asks its provider for itself by identity.
        Slot.of(Provider.Service.class, "registered").put(service, true);
    }
}
