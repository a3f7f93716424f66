package dev.ingot.core.heap;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Writes the heap that {@link GoldenHeapTest} reads. Only for a new version of the format: those that exist stay as they are. */
final class GoldenHeaps {
    private GoldenHeaps() {}

    /** {@code GoldenHeaps FILE}. */
    public static void main(String[] arguments) throws NotCapturableException, IOException {
        Files.write(
                Path.of(arguments[0]), new HeapCopy().withStatics(Item.class).write(graph()));
    }

    static Object[] graph() {
        Item.made = 0;
        List<Item> items = new ArrayList<>();
        for (int number = 0; number < 100; number++) {
            items.add(new Item(number, items));
        }
        Map<Object, Object> map = new HashMap<>();
        map.put(items.get(7), "the eighth");
        map.put("numbers", new long[] {1, 2, Long.MIN_VALUE});
        map.put(List.of("tree"), new TreeMap<>(Map.of("b", 2, "a", 1)));
        map.put(BigInteger.ONE.shiftLeft(200), new ArrayDeque<>(Set.of('x')));
        return new Object[] {items, map, new double[10_000], "\u00e4 \u4e16", List.of(items.get(1), items.get(1))};
    }

    /** Of no package of the JDK, with fields of several kinds and an identity hash code. */
    static final class Item {
        static int made;

        final int number;
        final List<Item> all;
        final byte small;
        final double half;
        final String name;

        Item(int number, List<Item> all) {
            this.number = number;
            this.all = all;
            this.small = (byte) number;
            this.half = number / 2.0;
            this.name = "item " + number;
            made++;
        }
    }
}
