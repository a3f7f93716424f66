package dev.ingot.accelerator.onnx;

import ai.onnxruntime.OnnxJavaType;
import dev.ingot.accelerator.backend.OperationSupport;
import dev.ingot.accelerator.graph.ModelBuilder;
import dev.ingot.accelerator.operation.Determinism;
import dev.ingot.accelerator.operation.Operation;
import dev.ingot.accelerator.operation.Scalars;
import dev.ingot.accelerator.operation.Tolerance;
import dev.ingot.accelerator.standard.StandardOperations;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/**
 * The operations of the engine, each as a graph.
 *
 * <p>A function is either exact or has a grain. An exact one is made of single operations of IEEE 754 or of integers, so whatever the
 * engine does comes to the same. In the others the engine chooses how a sum is cut and which approximation it takes, by the sizes that
 * it sees; so it is always shown the same blocks, from multiples of the grain on, and what comes out depends on the build of the engine
 * and on the processor but not on where a kernel was stopped.
 */
enum GraphFunction implements EngineFunction {
    /** The order of its sums is the engine's own. */
    GEMM_F32(StandardOperations.GEMM_F32, 64, Limits.SUMS) {
        @Override
        ModelBuilder graph() {
            return new ModelBuilder()
                    .input("a", ModelBuilder.Type.FLOAT)
                    .input("b", ModelBuilder.Type.FLOAT)
                    .node("MatMul", "c", "a", "b")
                    .output("c", ModelBuilder.Type.FLOAT);
        }

        @Override
        public void cut(Block block, Scalars scalars, long first, long end) {
            long n = scalars.integer("n");
            long k = scalars.integer("k");
            block.in("a", 0, first * k, end - first, k).in("b", 1, 0, k, n).out("c", 2, first * n, end - first, n);
        }
    },

    /**
     * The factors are moved by 128, which is their zero then: for factors without sign the engine has no code that saturates sums of two
     * products, as it has for others on processors without instructions for this.
     */
    GEMM_I8(StandardOperations.GEMM_I8, 64, Tolerance.EXACT) {
        @Override
        ModelBuilder graph() {
            return new ModelBuilder()
                    .input("a", ModelBuilder.Type.UINT8)
                    .input("b", ModelBuilder.Type.UINT8)
                    .constant("zero", (byte) 0x80)
                    .node("BitwiseXor", "rows", "a", "zero")
                    .node("BitwiseXor", "columns", "b", "zero")
                    .node("MatMulInteger", "c", "rows", "columns", "zero", "zero")
                    .output("c", ModelBuilder.Type.INT32);
        }

        @Override
        public void cut(Block block, Scalars scalars, long first, long end) {
            long n = scalars.integer("n");
            long k = scalars.integer("k");
            block.bytesIn("a", 0, first * k, end - first, k)
                    .bytesIn("b", 1, 0, k, n)
                    .intsOut("c", 2, first * n, end - first, n);
        }
    },

    /** x + y. */
    ADD_F32(StandardOperations.ADD_F32, 1 << 16, Tolerance.EXACT) {
        @Override
        ModelBuilder graph() {
            return pairwise("Add");
        }

        @Override
        public void cut(Block block, Scalars scalars, long first, long end) {
            cutPairwise(block, first, end);
        }
    },

    /** x · y. */
    MULTIPLY_F32(StandardOperations.MULTIPLY_F32, 1 << 16, Tolerance.EXACT) {
        @Override
        ModelBuilder graph() {
            return pairwise("Mul");
        }

        @Override
        public void cut(Block block, Scalars scalars, long first, long end) {
            cutPairwise(block, first, end);
        }
    },

    /** Neighbours are added, level by level; what has no neighbour gets -0 for one, which changes nothing. */
    TREE_SUM_F32(StandardOperations.TREE_SUM_F32, 64, Tolerance.EXACT) {
        private static final int WIDTH = 256;
        private static final int LEVELS = 8;

        @Override
        ModelBuilder graph() {
            ModelBuilder graph = new ModelBuilder()
                    .input("level0", ModelBuilder.Type.FLOAT)
                    .constant("even", 0)
                    .constant("odd", 1)
                    .constant("end", WIDTH)
                    .constant("columns", 1)
                    .constant("step", 2);
            for (int level = 0; level < LEVELS; level++) {
                graph.node("Slice", "left" + level, "level" + level, "even", "end", "columns", "step")
                        .node("Slice", "right" + level, "level" + level, "odd", "end", "columns", "step")
                        .node("Add", "level" + (level + 1), "left" + level, "right" + level);
            }
            return graph.output("level" + LEVELS, ModelBuilder.Type.FLOAT);
        }

        @Override
        public void cut(Block block, Scalars scalars, long first, long end) {
            long blocks = end - first;
            long elements = Math.min(end * WIDTH, scalars.integer("n")) - first * WIDTH;
            if (elements == blocks * WIDTH) {
                block.in("level0", 0, first * WIDTH, blocks, WIDTH);
            } else {
                block.in(new Tensor(
                        "level0",
                        filledUp(block.floats(0, first * WIDTH, elements), (int) blocks * WIDTH),
                        OnnxJavaType.FLOAT,
                        blocks,
                        WIDTH));
            }
            block.out("level" + LEVELS, 1, first, blocks, 1);
        }

        private static ByteBuffer filledUp(ByteBuffer content, int elements) {
            ByteBuffer full = ByteBuffer.allocateDirect(Float.BYTES * elements).order(ByteOrder.LITTLE_ENDIAN);
            FloatBuffer floats = full.asFloatBuffer();
            floats.put(content.asFloatBuffer());
            while (floats.hasRemaining()) {
                floats.put(-0f);
            }
            return full;
        }
    },

    /** With the engine's own exponential. */
    SOFTMAX_F32(StandardOperations.SOFTMAX_F32, 64, new Tolerance(64, 1e-7f)) {
        @Override
        ModelBuilder graph() {
            // Along the last direction, unless told otherwise.
            return new ModelBuilder()
                    .input("in", ModelBuilder.Type.FLOAT)
                    .node("Softmax", "out", "in")
                    .output("out", ModelBuilder.Type.FLOAT);
        }

        @Override
        public void cut(Block block, Scalars scalars, long first, long end) {
            long width = scalars.integer("width");
            block.in("in", 0, first * width, end - first, width).out("out", 1, first * width, end - first, width);
        }
    },

    /** Of single operators, because the one that does it all takes epsilon as a constant. */
    LAYER_NORM_F32(StandardOperations.LAYER_NORM_F32, 64, new Tolerance(64, 5e-6f)) {
        @Override
        ModelBuilder graph() {
            return new ModelBuilder()
                    .input("in", ModelBuilder.Type.FLOAT)
                    .input("scale", ModelBuilder.Type.FLOAT)
                    .input("shift", ModelBuilder.Type.FLOAT)
                    .input("epsilon", ModelBuilder.Type.FLOAT)
                    .constant("columns", 1)
                    .node("ReduceMean", "mean", "in", "columns")
                    .node("Sub", "distance", "in", "mean")
                    .node("Mul", "square", "distance", "distance")
                    .node("ReduceMean", "variance", "square", "columns")
                    .node("Add", "positive", "variance", "epsilon")
                    .node("Sqrt", "deviation", "positive")
                    .node("Div", "normal", "distance", "deviation")
                    .node("Mul", "scaled", "normal", "scale")
                    .node("Add", "out", "scaled", "shift")
                    .output("out", ModelBuilder.Type.FLOAT);
        }

        @Override
        public void cut(Block block, Scalars scalars, long first, long end) {
            long width = scalars.integer("width");
            block.in("in", 0, first * width, end - first, width)
                    .in("scale", 1, 0, width)
                    .in("shift", 2, 0, width)
                    .in(Tensor.of("epsilon", scalars.real("epsilon")))
                    .out("out", 3, first * width, end - first, width);
        }
    },

    /** One filter at a time, of as many lines as it has in a block of items. */
    CONVOLUTION_F32(StandardOperations.CONVOLUTION_F32, 16, Limits.SUMS) {
        @Override
        ModelBuilder graph() {
            return new ModelBuilder()
                    .input("in", ModelBuilder.Type.FLOAT)
                    .input("weights", ModelBuilder.Type.FLOAT)
                    .input("top", ModelBuilder.Type.INT64)
                    .input("bottom", ModelBuilder.Type.INT64)
                    .constant("lines", 2)
                    .node("Slice", "part", "in", "top", "bottom", "lines")
                    .node("Conv", "out", "part", "weights")
                    .output("out", ModelBuilder.Type.FLOAT);
        }

        @Override
        public long endOfBlock(long item, Scalars scalars) {
            long lines = lines(scalars);
            return Math.min(super.endOfBlock(item, scalars), item - item % lines + lines);
        }

        private static long lines(Scalars scalars) {
            return scalars.integer("height") - scalars.integer("size") + 1;
        }

        @Override
        public void cut(Block block, Scalars scalars, long first, long end) {
            long channels = scalars.integer("channels");
            long height = scalars.integer("height");
            long width = scalars.integer("width");
            long size = scalars.integer("size");
            long filter = first / lines(scalars);
            long line = first % lines(scalars);
            long outputWidth = width - size + 1;
            block.in("in", 0, 0, 1, channels, height, width)
                    .in("weights", 1, filter * channels * size * size, 1, channels, size, size)
                    .in(Tensor.of("top", line))
                    .in(Tensor.of("bottom", line + end - first + size - 1))
                    .out("out", 2, first * outputWidth, 1, 1, end - first, outputWidth);
        }
    };

    private static final class Limits {
        /** Of some thousand terms. */
        static final Tolerance SUMS = new Tolerance(64, 2e-4f);
    }

    @SuppressWarnings("ImmutableEnumChecker") // It is, as far as its contract is.
    private final Operation operation;

    private final long blockItems;

    @SuppressWarnings("ImmutableEnumChecker") // It is a record of numbers.
    private final Tolerance tolerance;

    /**
     * A function.
     *
     * @param blockItems how many items a graph computes at once, from a multiple of this on
     * @param tolerance how far the engine is from the contract
     */
    GraphFunction(Operation operation, long blockItems, Tolerance tolerance) {
        this.operation = operation;
        this.blockItems = blockItems;
        this.tolerance = tolerance;
    }

    Operation operation() {
        return operation;
    }

    @Override
    public long endOfBlock(long item, Scalars scalars) {
        return item - item % blockItems + blockItems;
    }

    OperationSupport support() {
        return tolerance.equals(Tolerance.EXACT)
                ? new OperationSupport(operation.identity(), Determinism.BITWISE_ANY_KIND, 1)
                : new OperationSupport(operation.identity(), Determinism.BITWISE_SAME_BUILD, blockItems, tolerance);
    }

    abstract ModelBuilder graph();

    @Override
    public byte[] model() {
        return graph().model();
    }

    private static ModelBuilder pairwise(String operator) {
        return new ModelBuilder()
                .input("x", ModelBuilder.Type.FLOAT)
                .input("y", ModelBuilder.Type.FLOAT)
                .node(operator, "out", "x", "y")
                .output("out", ModelBuilder.Type.FLOAT);
    }

    private static void cutPairwise(Block block, long first, long end) {
        block.in("x", 0, first, end - first).in("y", 1, first, end - first).out("out", 2, first, end - first);
    }
}
