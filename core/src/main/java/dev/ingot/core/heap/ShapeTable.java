package dev.ingot.core.heap;

/** Shapes by id, outside the Java heap; those that were never put are 0. Not thread-safe. */
final class ShapeTable implements AutoCloseable {
    private final boolean exact;
    /** The shapes or, 64 of them a number, which of them are negative: few, and those of most programs close together. */
    private final NativeTable table;

    private ShapeTable(boolean exact, NativeTable table) {
        this.exact = exact;
        this.table = table;
    }

    static ShapeTable exact() {
        return new ShapeTable(true, NativeTable.ofInts());
    }

    /** One that remembers of each shape only whether it is negative. */
    static ShapeTable ofSigns() {
        return new ShapeTable(false, NativeTable.ofLongs());
    }

    /** The shape, or just some number of its sign. */
    int get(int id) {
        if (exact) {
            return table.getInt(id);
        }
        return (table.getLong(id >>> 6) & 1L << id) == 0 ? 0 : -1;
    }

    /** Notes the shape of an id that has none yet or, if shapes are exact, another one. */
    void put(int id, int shape) {
        if (exact) {
            table.put(id, shape);
        } else if (shape < 0) {
            table.put(id >>> 6, table.getLong(id >>> 6) | 1L << id);
        }
    }

    @Override
    public void close() {
        table.close();
    }
}
