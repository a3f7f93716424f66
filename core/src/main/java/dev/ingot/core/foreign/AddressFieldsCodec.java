package dev.ingot.core.foreign;

import dev.ingot.core.heap.NotCapturableException;
import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.jdk.access.JdkClass;
import dev.ingot.core.jdk.io.LibraryAddresses;
import java.util.List;
import java.util.Set;

/** Objects of jffi, jnr-ffi and what is built on them that may hold addresses: types, pointers, generated implementations. */
final class AddressFieldsCodec implements ObjectCodec<Object> {
    private static final List<String> PACKAGES =
            List.of("com.kenai.jffi.", "jnr.", "org.jruby.ext.ffi.", "org.python.modules.jffi.");
    /** What jnr-ffi makes of an interface lies in that interface's package. */
    private static final String GENERATED = "jnr.ffi.provider.jffi.AbstractAsmLibraryInterface";

    private final AddressFields fields = new AddressFields();

    @Override
    public boolean accepts(Class<?> type) {
        return (PACKAGES.stream().anyMatch(type.getName()::startsWith) || JdkClass.isSubtype(type, GENERATED))
                && !type.isArray()
                && LibraryAddresses.mayBeIn(type);
    }

    @Override
    public Object[] capture(Object object) throws NotCapturableException {
        return fields.capture(object, Set.of());
    }

    @Override
    public void restore(Object object, Object[] state) throws NotRestorableException {
        fields.restore(object, state);
    }

    @Override
    public int order() {
        return RestoreOrder.ADDRESS;
    }
}
