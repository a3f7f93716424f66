package dev.ingot.accelerator.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** What a graph is given, or fills, under a name. */
final class Tensor {
    private final String name;
    private final ByteBuffer content;
    private final OnnxJavaType type;
    private final long[] shape;

    /**
     * A tensor.
     *
     * @param name as in the graph
     * @param content direct, from its position to its limit; nothing is copied
     * @param shape how many elements there are in each direction
     */
    Tensor(String name, ByteBuffer content, OnnxJavaType type, long... shape) {
        this.name = name;
        this.content = content;
        this.type = type;
        this.shape = shape;
    }

    String name() {
        return name;
    }

    /** A vector of numbers. */
    static Tensor of(String name, long value) {
        ByteBuffer content = ByteBuffer.allocateDirect(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        return new Tensor(name, content.putLong(0, value), OnnxJavaType.INT64, 1);
    }

    /** A vector of one number. */
    static Tensor of(String name, float value) {
        ByteBuffer content = ByteBuffer.allocateDirect(Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        return new Tensor(name, content.putFloat(0, value), OnnxJavaType.FLOAT, 1);
    }

    OnnxTensor bind(OrtEnvironment environment) throws OrtException {
        return OnnxTensor.createTensor(environment, content, shape, type);
    }
}
