package dev.ingot.core.heap;

import org.jspecify.annotations.Nullable;

/** Boxed primitives in descriptions: the descriptor of the primitive, then its bits as a long. */
final class Box {
    private Box() {}

    static @Nullable Character kindOf(Object object) {
        if (object instanceof Integer) {
            return 'I';
        } else if (object instanceof Long) {
            return 'J';
        } else if (object instanceof Boolean) {
            return 'Z';
        } else if (object instanceof Character) {
            return 'C';
        } else if (object instanceof Byte) {
            return 'B';
        } else if (object instanceof Short) {
            return 'S';
        } else if (object instanceof Double) {
            return 'D';
        }
        return object instanceof Float ? 'F' : null;
    }

    static void write(Object box, Lane lane) {
        char kind = java.util.Objects.requireNonNull(kindOf(box));
        lane.octet(kind);
        lane.fixedLong(bits(box));
    }

    /** The box of those bits, or null if there is no such kind. */
    static @Nullable Object of(int kind, long bits) {
        return switch (kind) {
            case 'I' -> (int) bits;
            case 'J' -> bits;
            case 'Z' -> bits != 0;
            case 'C' -> (char) bits;
            case 'B' -> (byte) bits;
            case 'S' -> (short) bits;
            case 'D' -> Double.longBitsToDouble(bits);
            case 'F' -> Float.intBitsToFloat((int) bits);
            default -> null;
        };
    }

    private static long bits(Object box) {
        if (box instanceof Character character) {
            return character;
        } else if (box instanceof Boolean truth) {
            return truth ? 1 : 0;
        } else if (box instanceof Double number) {
            return Double.doubleToRawLongBits(number);
        } else if (box instanceof Float number) {
            return Float.floatToRawIntBits(number);
        }
        return ((Number) box).longValue();
    }
}
