package dev.ingot.accelerator.graph;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A field of a message of protocol buffers. Nothing is copied but texts, and nothing is allocated by what a file says of its sizes.
 *
 * @param number as in the message's definition
 * @param value of a number
 * @param content of anything else
 */
record Field(int number, long value, ByteBuffer content) {
    private static final int VARINT = 0;
    private static final int FIXED_64 = 1;
    private static final int LENGTH = 2;
    private static final int FIXED_32 = 5;
    private static final int MOST_TEXT = 1024;
    /** A field takes more memory than room in the file. */
    private static final int MOST_FIELDS = 1 << 18;

    private static final int MOST_NUMBERS = 1 << 12;
    private static final int VARINT_BITS = 64;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /**
     * The fields of a message, in order.
     *
     * @throws IllegalArgumentException if it is none
     */
    static List<Field> of(ByteBuffer message) {
        ByteBuffer rest = message.slice().order(ByteOrder.LITTLE_ENDIAN);
        List<Field> fields = new ArrayList<>();
        while (rest.hasRemaining()) {
            long key = varint(rest);
            int number = (int) (key >>> 3);
            require(number > 0, "there is no field " + number);
            require(fields.size() < MOST_FIELDS, "a message has more than " + MOST_FIELDS + " fields");
            fields.add(
                    switch ((int) (key & 7)) {
                        case VARINT -> new Field(number, varint(rest), NOTHING);
                        case FIXED_32 -> new Field(number, 0, cut(rest, Integer.BYTES));
                        case FIXED_64 -> new Field(number, 0, cut(rest, Long.BYTES));
                        case LENGTH -> new Field(number, 0, cut(rest, varint(rest)));
                        default -> throw new IllegalArgumentException("field " + number + " has no type");
                    });
        }
        return fields;
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new IllegalArgumentException("the file is damaged: " + what);
        }
    }

    private static ByteBuffer cut(ByteBuffer from, long count) {
        require(count >= 0 && count <= from.remaining(), "it ends within a field");
        ByteBuffer part = from.slice(from.position(), (int) count).order(ByteOrder.LITTLE_ENDIAN);
        from.position(from.position() + (int) count);
        return part;
    }

    private static long varint(ByteBuffer from) {
        long value = 0;
        for (int shift = 0; shift < VARINT_BITS; shift += 7) {
            require(from.hasRemaining(), "it ends within a number");
            byte next = from.get();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("the file is damaged: a number is too long");
    }

    List<Field> fields() {
        return of(content);
    }

    String text() {
        require(content.remaining() <= MOST_TEXT, "a name is longer than " + MOST_TEXT + " bytes");
        return StandardCharsets.UTF_8.decode(content.duplicate()).toString();
    }

    float real() {
        require(content.remaining() == Float.BYTES, "a number has " + content.remaining() + " bytes");
        return content.getFloat(0);
    }

    /** Adds the one number that this is, or all if it is a list of them. */
    void addNumbers(List<Long> numbers) {
        if (content == NOTHING) {
            numbers.add(value);
            return;
        }
        ByteBuffer rest = content.duplicate();
        while (rest.hasRemaining()) {
            require(numbers.size() < MOST_NUMBERS, "a list has more than " + MOST_NUMBERS + " numbers");
            numbers.add(varint(rest));
        }
    }
}
