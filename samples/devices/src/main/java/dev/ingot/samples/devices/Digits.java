package dev.ingot.samples.devices;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;

/** Pictures of digits, 8 by 8, drawn from 3 by 5 dots at some place with some noise. Always the same ones. */
final class Digits {
    static final int SIDE = 8;
    static final int PIXELS = SIDE * SIDE;
    static final int CLASSES = 10;

    /** Each digit line by line, a bit for a dot. */
    private static final int[] DOTS = {
        0b111_101_101_101_111,
        0b010_110_010_010_111,
        0b111_001_111_100_111,
        0b111_001_111_001_111,
        0b101_101_111_001_001,
        0b111_100_111_001_111,
        0b111_100_111_101_111,
        0b111_001_010_010_010,
        0b111_101_111_101_111,
        0b111_101_111_001_111
    };

    private static final int COLUMNS = 3;
    private static final int LINES = 5;
    private static final float NOISE = 0.4f;

    private Digits() {}

    /** Pictures one after the other, and behind them for each the row that a perfect net would answer. */
    static ByteBuffer pictures(int count, Random random) {
        ByteBuffer content =
                ByteBuffer.allocate(Float.BYTES * count * (PIXELS + CLASSES)).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            int digit = i % CLASSES;
            draw(digit, content, Float.BYTES * i * PIXELS, random);
            content.putFloat(Float.BYTES * (count * PIXELS + i * CLASSES + digit), 1);
        }
        return content;
    }

    private static void draw(int digit, ByteBuffer content, int at, Random random) {
        int left = 1 + random.nextInt(SIDE - COLUMNS - 1);
        int top = 1 + random.nextInt(SIDE - LINES - 1);
        for (int y = 0; y < SIDE; y++) {
            for (int x = 0; x < SIDE; x++) {
                boolean isDot = isDot(digit, x - left, y - top);
                content.putFloat(at + Float.BYTES * (y * SIDE + x), (isDot ? 1 : 0) + NOISE * random.nextFloat());
            }
        }
    }

    private static boolean isDot(int digit, int column, int line) {
        return column >= 0
                && column < COLUMNS
                && line >= 0
                && line < LINES
                && (DOTS[digit] >> (COLUMNS * (LINES - 1 - line) + COLUMNS - 1 - column) & 1) == 1;
    }
}
