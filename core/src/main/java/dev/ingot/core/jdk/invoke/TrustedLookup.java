package dev.ingot.core.jdk.invoke;

import dev.ingot.core.jdk.access.Slot;
import java.lang.invoke.MethodHandles.Lookup;

/** The lookup that may see everything. Made on first use, as method handles take time to start. */
final class TrustedLookup {
    private static final Lookup LOOKUP = find();

    private TrustedLookup() {}

    static Lookup get() {
        return LOOKUP;
    }

    private static Lookup find() {
        Lookup lookup = Slot.of(Lookup.class, "IMPL_LOOKUP").get(null, Lookup.class);
        if (lookup == null) {
            throw new IllegalStateException("cannot find the JDK's own lookup in JDK " + Runtime.version());
        }
        return lookup;
    }
}
