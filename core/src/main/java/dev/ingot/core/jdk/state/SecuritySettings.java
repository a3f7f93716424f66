package dev.ingot.core.jdk.state;

import dev.ingot.core.jdk.access.JdkClass;
import dev.ingot.core.jdk.access.Slot;
import java.security.Provider;
import java.security.Security;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** Security properties the program changed, and security providers it installed, each with its place in the order. */
final class SecuritySettings implements StatePart {
    private static final int PROPERTIES = 0;
    private static final int PROVIDERS = 1;

    private static final String LIST_HOLDER = "sun.security.jca.Providers";
    private static final String LIST = "sun.security.jca.ProviderList";
    private static final String ENTRY = "sun.security.jca.ProviderConfig";

    @Override
    public String name() {
        return "security";
    }

    @Override
    public @Nullable Object capture() {
        if (!JdkClass.isInitialized(Security.class)) {
            return null;
        }
        return new Object[] {changedProperties(), installedProviders()};
    }

    @Override
    public void restore(Object state) {
        Object[] parts = (Object[]) state;
        Object[] properties = (Object[]) parts[PROPERTIES];
        for (int i = 0; i + 1 < properties.length; i += 2) {
            Security.setProperty((String) properties[i], (String) properties[i + 1]);
        }
        Object[] providers = (Object[]) parts[PROVIDERS];
        for (int i = 0; i + 1 < providers.length; i += 2) {
            Security.insertProviderAt((Provider) providers[i + 1], (Integer) providers[i]);
        }
    }

    private static Object[] changedProperties() {
        List<Object> changed = new ArrayList<>();
        if (Slot.of(Security.class, "props").get(null) instanceof Properties current
                && Slot.of(Security.class, "initialSecurityProperties").get(null) instanceof Properties initial) {
            for (Map.Entry<Object, Object> entry : List.copyOf(current.entrySet())) {
                if (!entry.getValue().equals(initial.get(entry.getKey()))) {
                    changed.add(entry.getKey());
                    changed.add(entry.getValue());
                }
            }
        }
        return changed.toArray();
    }

    /**
     * Read from the JDK's own list: {@link Security#getProviders} makes all providers that the JVM's configuration names, most of which
     * no program ever uses, while the threads stand.
     */
    private static Object[] installedProviders() {
        List<Object> installed = new ArrayList<>();
        Object list = JdkClass.isInitialized(LIST_HOLDER)
                ? Slot.of(LIST_HOLDER, "providerList").get(null)
                : null;
        if (list != null && Slot.of(LIST, "configs").get(list) instanceof Object[] entries) {
            Slot made = Slot.of(ENTRY, "provider");
            for (int i = 0; i < entries.length; i++) {
                if (made.get(entries[i]) instanceof Provider provider
                        && !JdkClass.isJdk(provider.getClass())
                        && provider.getClass().getModule().getLayer() == null) {
                    installed.add(i + 1);
                    installed.add(provider);
                }
            }
        }
        return installed.toArray();
    }
}
