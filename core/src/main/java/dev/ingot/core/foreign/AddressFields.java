package dev.ingot.core.foreign;

import dev.ingot.core.heap.NotCapturableException;
import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.jdk.access.Slot;
import dev.ingot.core.jdk.io.FieldState;
import dev.ingot.core.jdk.io.LibraryAddresses;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The fields of an object, those that hold native addresses by what lies there. */
final class AddressFields {
    private static final int FIELDS = 0;
    private static final int ADDRESSES = 1;
    private static final int PARTS = 3;

    private final LibraryAddresses memory = new LibraryAddresses();

    /** Every field but those named {@code made}, which another codec makes anew. */
    Object[] capture(Object object, Set<String> made) throws NotCapturableException {
        return capture(object, made, declaring -> true);
    }

    /** Every field but those named {@code made}. What a class holds that is not {@code holding} addresses is numbers. */
    Object[] capture(Object object, Set<String> made, Predicate<Class<?>> holding) throws NotCapturableException {
        Set<String> except = new HashSet<>(made);
        List<Object> addresses = new ArrayList<>();
        for (Class<?> at = object.getClass(); at != null; at = at.getSuperclass()) {
            for (Field field : Slot.declaredFields(at)) {
                if (holding.test(at) && LibraryAddresses.mayBeIn(field) && !made.contains(field.getName())) {
                    Object[] description = describe(object, field);
                    if (description != null) {
                        except.add(field.getName());
                        addresses.add(at);
                        addresses.add(field.getName());
                        addresses.add(description);
                    }
                }
            }
        }
        return new Object[] {FieldState.capture(object, except), addresses.toArray()};
    }

    void restore(Object object, Object state) throws NotRestorableException {
        Object[] parts = (Object[]) state;
        FieldState.restore(object, parts[FIELDS]);
        Object[] addresses = (Object[]) parts[ADDRESSES];
        for (int i = 0; i + PARTS <= addresses.length; i += PARTS) {
            Slot field = Slot.of((Class<?>) addresses[i], (String) addresses[i + 1]);
            field.put(object, find(object, (Object[]) addresses[i + 2]));
        }
    }

    private long find(Object object, @Nullable Object[] description) throws NotRestorableException {
        try {
            return memory.find(description);
        } catch (NotRestorableException missing) {
            throw new NotRestorableException(
                    "cannot restore a " + object.getClass().getName() + ": " + missing.getMessage(), missing);
        }
    }

    private Object @Nullable [] describe(Object object, Field field) throws NotCapturableException {
        try {
            return memory.describe(Slot.of(field).getLong(object));
        } catch (NotCapturableException unknown) {
            throw new NotCapturableException(
                    "cannot carry a " + object.getClass().getName() + ": its field " + field.getName() + ", "
                            + unknown.getMessage() + "; release it before the checkpoint",
                    unknown);
        }
    }
}
