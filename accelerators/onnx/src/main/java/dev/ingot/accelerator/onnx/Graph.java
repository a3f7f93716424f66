package dev.ingot.accelerator.onnx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * A graph of ONNX operators under construction, each node behind those it takes values from. Sizes are left open, so that one graph
 * does for operands of any size. Used by one thread.
 *
 * <p>The numbers of fields are those of {@code onnx.proto}, which may not change.
 */
final class Graph {
    /** The version of the set of operators. */
    private static final int OPERATORS = 18;
    /** The version of the format that came with these operators. */
    private static final int FORMAT = 8;

    private final Message graph = new Message().text(2, "graph");
    private int nodes;

    /** Types of elements by their numbers in {@code TensorProto.DataType}. */
    enum Type {
        FLOAT(1),
        UINT8(2),
        INT32(6),
        INT64(7);

        private final int number;

        Type(int number) {
            this.number = number;
        }
    }

    Graph input(String name, Type type) {
        graph.message(11, value(name, type));
        return this;
    }

    Graph output(String name, Type type) {
        graph.message(12, value(name, type));
        return this;
    }

    private static Message value(String name, Type type) {
        Message tensor = new Message().number(1, type.number);
        return new Message().text(1, name).message(2, new Message().message(1, tensor));
    }

    /** An operator without attributes that makes {@code output} of {@code inputs}. */
    Graph node(String operator, String output, String... inputs) {
        Message node = new Message();
        for (String input : inputs) {
            node.text(1, input);
        }
        graph.message(1, node.text(2, output).text(3, "node" + nodes++).text(4, operator));
        return this;
    }

    /** A vector of numbers that do not change. */
    Graph constant(String name, long... values) {
        ByteBuffer content = ByteBuffer.allocate(Long.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
        content.asLongBuffer().put(values);
        return constant(name, Type.INT64, List.of((long) values.length), content);
    }

    /** A single byte without sign that does not change. */
    Graph constant(String name, byte value) {
        return constant(name, Type.UINT8, List.of(), ByteBuffer.wrap(new byte[] {value}));
    }

    private Graph constant(String name, Type type, List<Long> shape, ByteBuffer content) {
        Message tensor = new Message();
        for (long size : shape) {
            tensor.number(1, size);
        }
        graph.message(5, tensor.number(2, type.number).text(8, name).bytes(9, content));
        return this;
    }

    /** The whole as a file of ONNX. */
    byte[] model() {
        return new Message()
                .number(1, FORMAT)
                .text(2, "ingot")
                .message(7, graph)
                .message(8, new Message().text(1, "").number(2, OPERATORS))
                .toByteArray();
    }
}
