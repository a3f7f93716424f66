package dev.ingot.core.jdk.desktop;

import dev.ingot.core.heap.NotCapturableException;
import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.jdk.access.Slot;
import dev.ingot.core.jdk.io.FieldState;
import dev.ingot.core.jdk.io.LibraryAddresses;
import java.lang.reflect.Field;
import java.util.List;
import java.util.Set;

/** Whatever else of images and fonts may have a native side; refused if it has. */
final class NativeSideCodec implements ObjectCodec<Object> {
    private static final List<String> PACKAGES =
            List.of("sun.java2d.", "sun.font.", "sun.awt.", "java.awt.", "com.sun.imageio.", "sun.print.");

    private final LibraryAddresses memory = new LibraryAddresses();
    private final boolean ofImage;

    /** @param ofImage whether it is asked for objects that it has captured, perhaps on a JDK that has other fields */
    NativeSideCodec(boolean ofImage) {
        this.ofImage = ofImage;
    }

    @Override
    public boolean accepts(Class<?> type) {
        return type.getClassLoader() == null
                && !type.isArray()
                && PACKAGES.stream().anyMatch(type.getName()::startsWith)
                && (ofImage || LibraryAddresses.mayBeIn(type));
    }

    @Override
    public Object[] capture(Object object) throws NotCapturableException {
        for (Class<?> at = object.getClass(); at != null; at = at.getSuperclass()) {
            for (Field field : Slot.declaredFields(at)) {
                if (LibraryAddresses.mayBeIn(field)
                        && memory.isAddress(Slot.of(field).getLong(object))) {
                    throw new NotCapturableException(
                            "cannot carry a " + object.getClass().getName() + ": its field " + field.getName()
                                    + " is the address of native memory; release it before the checkpoint");
                }
            }
        }
        return FieldState.capture(object, Set.of());
    }

    @Override
    public void restore(Object object, Object[] state) {
        FieldState.restore(object, state);
    }
}
