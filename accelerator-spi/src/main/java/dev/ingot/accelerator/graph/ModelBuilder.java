package dev.ingot.accelerator.graph;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * A graph of ONNX operators under construction, each node behind those it takes values from. Sizes are left open, so that one graph
 * does for operands of any size. Used by one thread.
 *
 * <p>The numbers of fields are those of {@code onnx.proto}, which may not change.
 */
public final class ModelBuilder {
    /** The version of the set of operators. */
    private static final int OPERATORS = 18;
    /** The version of the format that came with these operators. */
    private static final int FORMAT = 8;

    /** The type of an attribute of integers. */
    private static final int INTS = 7;

    private final Message graph = new Message().text(2, "graph");
    private int nodes;

    /** Types of elements by their numbers in {@code TensorProto.DataType}. */
    public enum Type {
        /** 32 bits. */
        FLOAT(1),
        /** Without sign. */
        UINT8(2),
        /** 32 bits. */
        INT32(6),
        /** 64 bits. */
        INT64(7);

        private final int number;

        Type(int number) {
            this.number = number;
        }
    }

    /** Something that goes in. */
    public ModelBuilder input(String name, Type type) {
        graph.message(11, value(name, type));
        return this;
    }

    /** Something that comes out. */
    public ModelBuilder output(String name, Type type) {
        graph.message(12, value(name, type));
        return this;
    }

    /** A batch of floats that goes in: any number of rows of this shape. */
    public ModelBuilder rows(String name, long... shape) {
        Message sizes = new Message().message(1, new Message().text(2, "rows"));
        for (long size : shape) {
            sizes.message(1, new Message().number(1, size));
        }
        Message tensor = new Message().number(1, Type.FLOAT.number).message(2, sizes);
        graph.message(11, new Message().text(1, name).message(2, new Message().message(1, tensor)));
        return this;
    }

    private static Message value(String name, Type type) {
        Message tensor = new Message().number(1, type.number);
        return new Message().text(1, name).message(2, new Message().message(1, tensor));
    }

    /** An operator without attributes that makes {@code output} of {@code inputs}. */
    public ModelBuilder node(String operator, String output, String... inputs) {
        Message node = new Message();
        for (String input : inputs) {
            node.text(1, input);
        }
        graph.message(1, node.text(2, output).text(3, "node" + nodes++).text(4, operator));
        return this;
    }

    /** As {@link #node(String, String, String...)}, with an attribute of integers. */
    public ModelBuilder node(String operator, String attribute, List<Long> values, String output, String... inputs) {
        Message node = new Message();
        for (String input : inputs) {
            node.text(1, input);
        }
        Message numbers = new Message().text(1, attribute);
        values.forEach(value -> numbers.number(8, value));
        numbers.number(20, INTS);
        graph.message(
                1,
                node.text(2, output).text(3, "node" + nodes++).text(4, operator).message(5, numbers));
        return this;
    }

    /** Floats that do not change, in the byte order of ONNX, which is little-endian. */
    public ModelBuilder constant(String name, List<Long> shape, ByteBuffer floats) {
        return constant(name, Type.FLOAT, shape, floats);
    }

    /** A vector of numbers that do not change. */
    public ModelBuilder constant(String name, long... values) {
        ByteBuffer content = ByteBuffer.allocate(Long.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
        content.asLongBuffer().put(values);
        return constant(name, Type.INT64, List.of((long) values.length), content);
    }

    /** A single byte without sign that does not change. */
    public ModelBuilder constant(String name, byte value) {
        return constant(name, Type.UINT8, List.of(), ByteBuffer.wrap(new byte[] {value}));
    }

    private ModelBuilder constant(String name, Type type, List<Long> shape, ByteBuffer content) {
        Message tensor = new Message();
        for (long size : shape) {
            tensor.number(1, size);
        }
        graph.message(5, tensor.number(2, type.number).text(8, name).bytes(9, content));
        return this;
    }

    /** The whole as a file of ONNX. */
    public byte[] model() {
        return new Message()
                .number(1, FORMAT)
                .text(2, "ingot")
                .message(7, graph)
                .message(8, new Message().text(1, "").number(2, OPERATORS))
                .toByteArray();
    }
}
