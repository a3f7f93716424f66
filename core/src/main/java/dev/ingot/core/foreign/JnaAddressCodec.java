package dev.ingot.core.foreign;

import dev.ingot.core.heap.NotCapturableException;
import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.jdk.access.JdkClass;
import java.util.Set;

/**
 * Functions and other pointers of JNA, by the library that they lie in, and structures, which know the address of their type. What a structure of the
 * program has of numbers is no address, however large.
 */
final class JnaAddressCodec implements ObjectCodec<Object> {
    private static final Set<String> TYPES = Set.of("com.sun.jna.Pointer", "com.sun.jna.Structure");

    private final AddressFields fields = new AddressFields();

    @Override
    public boolean accepts(Class<?> type) {
        return TYPES.stream().anyMatch(known -> JdkClass.isSubtype(type, known))
                && !JdkClass.isSubtype(type, JnaMemoryCodec.MEMORY);
    }

    @Override
    public Object[] capture(Object object) throws NotCapturableException {
        return fields.capture(object, Set.of(), declaring -> TYPES.contains(declaring.getName()));
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
