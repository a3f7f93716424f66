package dev.ingot.accelerator.onnx;

import ai.onnxruntime.OnnxJavaType;
import dev.ingot.accelerator.memory.HostMemory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** What a graph is given for some items, and where it writes. Cut out of the operands of the operation. Used by one thread. */
final class Block {
    private final List<HostMemory> operands;
    private final List<Tensor> inputs = new ArrayList<>();
    private final List<Tensor> outputs = new ArrayList<>();
    /** Brings what was written apart to its operand. */
    private final List<Runnable> apart = new ArrayList<>();

    /** A block of operands whose memory is direct. */
    Block(List<HostMemory> operands) {
        this.operands = operands;
    }

    List<Tensor> inputs() {
        return inputs;
    }

    List<Tensor> outputs() {
        return outputs;
    }

    /** What was computed beside an operand is in it afterwards. */
    void finish() {
        apart.forEach(Runnable::run);
    }

    /** Floats of an operand from element {@code from} on. */
    Block in(String name, int operand, long from, long... shape) {
        inputs.add(new Tensor(name, floats(operand, from, shape), OnnxJavaType.FLOAT, shape));
        return this;
    }

    /** Bytes of an operand, taken as numbers without sign. */
    Block bytesIn(String name, int operand, long from, long... shape) {
        inputs.add(new Tensor(name, cut(operand, from, count(shape)), OnnxJavaType.UINT8, shape));
        return this;
    }

    /** Something that is no part of an operand. */
    Block in(Tensor tensor) {
        inputs.add(tensor);
        return this;
    }

    Block out(String name, int operand, long from, long... shape) {
        outputs.add(new Tensor(name, written(operand, from, shape), OnnxJavaType.FLOAT, shape));
        return this;
    }

    Block intsOut(String name, int operand, long from, long... shape) {
        outputs.add(new Tensor(name, written(operand, from, shape), OnnxJavaType.INT32, shape));
        return this;
    }

    /** Elements of four bytes. */
    ByteBuffer floats(int operand, long from, long... shape) {
        return cut(operand, Float.BYTES * from, Float.BYTES * count(shape));
    }

    private ByteBuffer written(int operand, long from, long... shape) {
        ByteBuffer content = floats(operand, from, shape);
        if (!operands.get(operand).isInSegment(Float.BYTES * from, content.capacity())) {
            apart.add(() -> operands.get(operand)
                    .write(Float.BYTES * from, content.duplicate().clear()));
        }
        return content;
    }

    /** What lies across two segments is copied. */
    private ByteBuffer cut(int operand, long from, long bytes) {
        HostMemory memory = operands.get(operand);
        int count = Math.toIntExact(bytes);
        ByteBuffer content;
        if (memory.isInSegment(from, count)) {
            content = memory.segments()
                    .get((int) (from / HostMemory.LARGEST_SEGMENT))
                    .slice((int) (from % HostMemory.LARGEST_SEGMENT), count);
        } else {
            content = ByteBuffer.allocateDirect(count);
            memory.read(from, content.duplicate());
        }
        return content.order(ByteOrder.LITTLE_ENDIAN);
    }

    private static long count(long... shape) {
        long count = 1;
        for (long size : shape) {
            count *= size;
        }
        return count;
    }
}
