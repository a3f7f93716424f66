package dev.ingot.core.jdk.lang;

import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.jdk.access.HiddenMethod;
import dev.ingot.core.jdk.access.NamedFields;
import dev.ingot.core.jdk.access.Slot;
import java.security.ProtectionDomain;
import org.jspecify.annotations.Nullable;

/** Protection domains: every field but the key under which earlier JDKs cache permissions, which is made anew. */
final class ProtectionDomainCodec implements ObjectCodec<ProtectionDomain> {
    private static final String KEY = "key";

    @Override
    public boolean accepts(Class<?> type) {
        return ProtectionDomain.class.isAssignableFrom(type);
    }

    @Override
    public Class<?> stateOf() {
        return ProtectionDomain.class;
    }

    @Override
    public @Nullable Object[] capture(ProtectionDomain domain) {
        return NamedFields.of(domain, ProtectionDomain.class, KEY);
    }

    @Override
    public void restore(ProtectionDomain domain, @Nullable Object[] state) {
        NamedFields.set(domain, ProtectionDomain.class, state);
        Slot key = Slot.find(ProtectionDomain.class, KEY);
        if (key != null) {
            key.put(domain, HiddenMethod.constructor(key.type()).make());
        }
    }

    /** Before anything that might load a class. */
    @Override
    public int order() {
        return RestoreOrder.CLASS_PATH;
    }
}
