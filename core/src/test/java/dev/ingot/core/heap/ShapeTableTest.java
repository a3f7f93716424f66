package dev.ingot.core.heap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;

class ShapeTableTest {
    private static final int IDS = 100_000;

    @Test
    void keepsShapes() {
        assertIsKept(ShapeTable.exact(), shape -> shape);
    }

    @Test
    void keepsSigns() {
        assertIsKept(ShapeTable.ofSigns(), shape -> shape < 0 ? -1 : 0);
    }

    private static void assertIsKept(ShapeTable table, IntUnaryOperator kept) {
        try (table) {
            for (int id = 1; id <= IDS; id++) {
                table.put(id, shapeOf(id));
            }
            for (int id = 1; id <= IDS; id++) {
                assertThat(table.get(id)).isEqualTo(kept.applyAsInt(shapeOf(id)));
            }
            assertThat(table.get(2 * IDS)).isZero();
        }
    }

    /** Every seventh is negative, and some whole blocks are not. */
    private static int shapeOf(int id) {
        return id % 7 == 0 && id % 1000 < 500 ? ObjectIds.NAMED : id * 3;
    }
}
