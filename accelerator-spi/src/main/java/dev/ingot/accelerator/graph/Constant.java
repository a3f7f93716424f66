package dev.ingot.accelerator.graph;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Numbers of a model that do not change.
 *
 * @param shape empty for a single number
 * @param values row by row; integers too are floats here if {@code integers} is empty
 * @param integers where the model has these
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record Constant(String name, Shape shape, float[] values, List<Long> integers) {
    private static final int FLOAT = 1;
    private static final int INT64 = 7;
    private static final int MOST_INTEGERS = 1024;

    /** Reads a {@code TensorProto}. */
    static Constant read(List<Field> tensor) {
        List<Long> sizes = new ArrayList<>();
        String name = "";
        long type = 0;
        ByteBuffer raw = null;
        ByteBuffer floats = null;
        List<Long> integers = new ArrayList<>();
        for (Field field : tensor) {
            switch (field.number()) {
                case 1 -> field.addNumbers(sizes);
                case 2 -> type = field.value();
                case 4 -> floats = field.content();
                case 7 -> field.addNumbers(integers);
                case 8 -> name = field.text();
                case 9 -> raw = field.content();
                case 13, 14 ->
                    throw new IllegalArgumentException(
                            "constant " + name + " is in another file; export the model as one file");
                default -> {}
            }
        }
        if (type == INT64) {
            return integers(name, sizes, raw, integers);
        }
        if (type != FLOAT) {
            throw new IllegalArgumentException("constant " + name + " has elements of type " + type
                    + "; floats of 32 bits and integers of 64 are known");
        }
        return floats(name, Shape.ofNumbers(sizes), raw == null ? floats : raw);
    }

    private static Constant floats(String name, Shape shape, @org.jspecify.annotations.Nullable ByteBuffer content) {
        int present = content == null ? 0 : content.remaining();
        if (present != (long) Float.BYTES * shape.elements() || content == null) {
            throw new IllegalArgumentException(
                    "constant " + name + " of shape " + shape + " has " + present + " bytes of content");
        }
        float[] values = new float[shape.elements()];
        content.duplicate().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
        return new Constant(name, shape, values, List.of());
    }

    private static Constant integers(
            String name, List<Long> sizes, @org.jspecify.annotations.Nullable ByteBuffer raw, List<Long> listed) {
        List<Long> values = new ArrayList<>(listed);
        if (raw != null) {
            ByteBuffer content = raw.duplicate().order(ByteOrder.LITTLE_ENDIAN);
            while (content.remaining() >= Long.BYTES && values.size() <= MOST_INTEGERS) {
                values.add(content.getLong());
            }
        }
        Shape shape = Shape.ofNumbers(sizes);
        if (values.size() > MOST_INTEGERS || values.size() != shape.elements()) {
            throw new IllegalArgumentException(
                    "constant " + name + " of shape " + shape + " has " + values.size() + " integers");
        }
        return new Constant(name, shape, new float[0], values);
    }
}
