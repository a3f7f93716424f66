package dev.ingot.core.heap;

import static dev.ingot.core.heap.PrimitiveFields.ordered;
import static dev.ingot.core.jvm.Memory.UNSAFE;

import org.jspecify.annotations.Nullable;

/**
 * A primitive value that gets a wider type, as the language widens it.
 *
 * @param from descriptor of the type that it has in the image
 * @param to descriptor of its type in this JVM
 */
record Widening(char from, char to) {
    /** Each can be widened to those behind it. */
    private static final String WIDER = "BSIJFD";

    private static final String WIDER_THAN_CHAR = "IJFD";

    /** What makes a value of type {@code from} one of type {@code to}, or null if that is no widening. */
    static @Nullable Widening between(String from, String to) {
        if (from.length() != 1 || to.length() != 1) {
            return null;
        }
        boolean wider = from.equals("C")
                ? WIDER_THAN_CHAR.contains(to)
                : WIDER.contains(from) && WIDER.indexOf(to) > WIDER.indexOf(from);
        return wider ? new Widening(from.charAt(0), to.charAt(0)) : null;
    }

    /** Reads the value at {@code position} of an image's bytes and stores it in a field. */
    void copy(byte[] image, long position, Object object, long offset) {
        if (from == 'F') {
            UNSAFE.putDouble(object, offset, Float.intBitsToFloat(ordered(UNSAFE.getInt(image, position))));
            return;
        }
        long value = read(image, position);
        switch (to) {
            case 'S' -> UNSAFE.putShort(object, offset, (short) value);
            case 'I' -> UNSAFE.putInt(object, offset, (int) value);
            case 'J' -> UNSAFE.putLong(object, offset, value);
            case 'F' -> UNSAFE.putFloat(object, offset, (float) value);
            default -> UNSAFE.putDouble(object, offset, (double) value);
        }
    }

    private long read(byte[] image, long position) {
        return switch (from) {
            case 'B' -> UNSAFE.getByte(image, position);
            case 'C' -> (char) ordered(UNSAFE.getShort(image, position));
            case 'S' -> ordered(UNSAFE.getShort(image, position));
            case 'I' -> ordered(UNSAFE.getInt(image, position));
            default -> ordered(UNSAFE.getLong(image, position));
        };
    }
}
