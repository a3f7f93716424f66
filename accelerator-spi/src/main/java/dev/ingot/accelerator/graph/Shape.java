package dev.ingot.accelerator.graph;

import java.util.List;

/** How many elements there are in each direction. */
record Shape(List<Integer> sizes) {
    /** Of a row of a batch, and of a constant; more than any model has that is meant for one device. */
    static final int MOST_ELEMENTS = 1 << 26;

    private static final int MOST_DIRECTIONS = 8;

    Shape {
        sizes = List.copyOf(sizes);
        if (sizes.size() > MOST_DIRECTIONS) {
            throw new IllegalArgumentException("a shape has at most " + MOST_DIRECTIONS + " directions, not " + sizes);
        }
        long elements = 1;
        for (int size : sizes) {
            if (size < 1 || (elements *= size) > MOST_ELEMENTS) {
                throw new IllegalArgumentException(
                        "a shape has from 1 to " + MOST_ELEMENTS + " elements, not those of " + sizes);
            }
        }
    }

    static Shape of(Integer... sizes) {
        return new Shape(List.of(sizes));
    }

    static Shape ofNumbers(List<Long> sizes) {
        return new Shape(sizes.stream().map(Shape::size).toList());
    }

    /** Out of range stays so. */
    private static int size(long size) {
        return (int) Math.max(-1, Math.min(Integer.MAX_VALUE, size));
    }

    int elements() {
        return sizes.stream().reduce(1, (one, other) -> one * other);
    }

    int rank() {
        return sizes.size();
    }

    /** Counted from the end if negative. */
    int size(int direction) {
        return sizes.get(direction < 0 ? direction + rank() : direction);
    }

    @Override
    public String toString() {
        return sizes.toString();
    }
}
