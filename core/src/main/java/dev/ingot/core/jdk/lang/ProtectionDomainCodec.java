package dev.ingot.core.jdk.lang;

import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.jdk.access.HiddenMethod;
import dev.ingot.core.jdk.access.JdkClass;
import dev.ingot.core.jdk.access.NamedFields;
import dev.ingot.core.jdk.access.Slot;
import java.security.CodeSource;
import java.security.PermissionCollection;
import java.security.Permissions;
import java.security.ProtectionDomain;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Protection domains: every field but the key under which earlier JDKs cache permissions, which is made anew. Permissions of a code source
 * that are collected when somebody asks, which is a class of earlier JDKs, are those of a new collection unless a security manager may
 * have asked.
 */
final class ProtectionDomainCodec implements ObjectCodec<ProtectionDomain> {
    private static final String KEY = "key";
    private static final String PERMISSIONS = "permissions";
    private static final String COLLECTED_LATE = "sun.security.util.LazyCodeSourcePermissionCollection";
    /** In place of a collection. */
    private static final String LATE = "late";

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
        @Nullable Object[] pairs = NamedFields.of(domain, ProtectionDomain.class, KEY);
        if (!isChecked()) {
            replace(pairs, value -> value.getClass().getName().equals(COLLECTED_LATE) ? LATE : value);
        }
        return pairs;
    }

    @SuppressWarnings("removal")
    private static boolean isChecked() {
        return System.getSecurityManager() != null;
    }

    private static void replace(@Nullable Object[] pairs, UnaryOperator<Object> permissions) {
        for (int i = 0; i + 1 < pairs.length; i += 2) {
            Object value = pairs[i + 1];
            if (PERMISSIONS.equals(pairs[i]) && value != null) {
                pairs[i + 1] = permissions.apply(value);
            }
        }
    }

    private static PermissionCollection collectedLate(@Nullable CodeSource source) {
        Class<?> late = JdkClass.find(COLLECTED_LATE);
        return late == null
                ? new Permissions()
                : (PermissionCollection) Objects.requireNonNull(
                        HiddenMethod.constructor(late, PermissionCollection.class, CodeSource.class)
                                .make(new Permissions(), source));
    }

    @Override
    public void restore(ProtectionDomain domain, @Nullable Object[] state) {
        @Nullable Object[] pairs = state.clone();
        CodeSource source = (CodeSource) NamedFields.get(state, "codesource");
        replace(pairs, value -> value.equals(LATE) ? collectedLate(source) : value);
        NamedFields.set(domain, ProtectionDomain.class, pairs);
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
