package dev.ingot.accelerator.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.ingot.accelerator.memory.HostMemory;
import dev.ingot.accelerator.operation.Operation;
import dev.ingot.accelerator.operation.Scalars;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What models mean, and that no file can do more than be refused. */
class ImportedGraphTest {
    private static final int MUTANTS = 20_000;

    @Test
    void computesLayersOfANet() {
        byte[] model = new ModelBuilder()
                .rows("in", 2)
                .constant("weights", List.of(2L, 3L), floats(1, 2, 3, 4, 5, 6))
                .constant("shift", List.of(3L), floats(-20, 0, 1))
                .node("MatMul", "sums", "in", "weights")
                .node("Add", "shifted", "sums", "shift")
                .node("Relu", "out", "shifted")
                .output("out", ModelBuilder.Type.FLOAT)
                .model();
        Operation operation = ImportedGraph.operation("layer", model);

        assertThat(operation.name()).matches("onnx\\.layer\\.[0-9a-f]{16}");
        assertThat(computed(operation, 2, 1, 2, 3, 4)).containsExactly(0, 12, 16, 0, 26, 34);
    }

    @Test
    void computesWindowsOverPictures() {
        byte[] model = new ModelBuilder()
                .rows("in", 1, 3, 3)
                .constant("filter", List.of(1L, 1L, 2L, 2L), floats(1, 0, 0, 1))
                .node("Conv", "pads", List.of(0L, 0L, 1L, 1L), "sums", "in", "filter")
                .node("MaxPool", "kernel_shape", List.of(2L, 2L), "largest", "sums")
                .node("Flatten", "out", "largest")
                .output("out", ModelBuilder.Type.FLOAT)
                .model();

        // Sums: 6 8 3, 12 14 6, 7 8 9.
        assertThat(computed(ImportedGraph.operation("windows", model), 1, 1, 2, 3, 4, 5, 6, 7, 8, 9))
                .containsExactly(14, 14, 14, 14);
    }

    @Test
    void likelihoodsComeToOne() {
        byte[] model = new ModelBuilder()
                .rows("in", 3)
                .node("Softmax", "out", "in")
                .output("out", ModelBuilder.Type.FLOAT)
                .model();
        float[] out = computed(ImportedGraph.operation("softmax", model), 1, 1, 2, 3);

        assertThat(out[0] + out[1] + out[2]).isCloseTo(1, within(1e-6f));
        assertThat(out[2] / out[1]).isCloseTo((float) Math.E, within(1e-5f));
    }

    @Test
    void saysWhatItDoesNotKnow() {
        assertThatThrownBy(() -> ImportedGraph.of(new ModelBuilder()
                        .rows("in", 3)
                        .node("Einsum", "out", "in")
                        .output("out", ModelBuilder.Type.FLOAT)
                        .model()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Einsum node that makes [out]: this operator is not known");
        assertThatThrownBy(() -> ImportedGraph.of(new ModelBuilder()
                        .rows("in", 1L << 40)
                        .output("in", ModelBuilder.Type.FLOAT)
                        .model()))
                .hasMessageContaining("a shape has from 1 to");
        assertThatThrownBy(() -> ImportedGraph.of(new byte[0])).hasMessageContaining("one input and one output");
    }

    /** A value of a row for each node, each as large as may be: refused before there is memory for two. */
    @Test
    void valuesOfARowAreBounded() {
        ModelBuilder model = new ModelBuilder().rows("v0", 1 << 25);
        for (int i = 0; i < 3; i++) {
            model.node("Relu", "v" + (i + 1), "v" + i);
        }
        assertThatThrownBy(() -> ImportedGraph.of(
                        model.output("v3", ModelBuilder.Type.FLOAT).model()))
                .hasMessageContaining("all values of a row take more than");
    }

    /** Whatever is done to a file, it is a model or refused, and soon. */
    @Test
    void damagedFilesAreRefused() {
        byte[] model = new ModelBuilder()
                .rows("in", 1, 6, 6)
                .constant("filter", List.of(2L, 1L, 3L, 3L), floats(new float[18]))
                .constant("shape", 0, -1)
                .constant("weights", List.of(32L, 4L), floats(new float[128]))
                .node("Conv", "strides", List.of(1L, 1L), "sums", "in", "filter")
                .node("Reshape", "flat", "sums", "shape")
                .node("MatMul", "votes", "flat", "weights")
                .node("Softmax", "out", "votes")
                .output("out", ModelBuilder.Type.FLOAT)
                .model();
        assertThat(ImportedGraph.of(model).outputShape()).containsExactly(4);
        Random random = new Random(20_261_129);
        int refused = 0;
        for (int i = 0; i < MUTANTS; i++) {
            byte[] mutant = random.nextInt(4) == 0
                    ? java.util.Arrays.copyOf(model, random.nextInt(model.length))
                    : model.clone();
            for (int change = random.nextInt(4); change >= 0 && mutant.length > 0; change--) {
                mutant[random.nextInt(mutant.length)] = (byte) random.nextInt();
            }
            try {
                ImportedGraph.of(mutant);
            } catch (IllegalArgumentException expected) {
                refused++;
            }
        }
        assertThat(refused).isBetween(MUTANTS / 10, MUTANTS);
    }

    private static ByteBuffer floats(float... values) {
        ByteBuffer content = ByteBuffer.allocate(Float.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
        content.asFloatBuffer().put(values);
        return content;
    }

    private static float[] computed(Operation operation, long rows, float... input) {
        Scalars scalars = Scalars.of(ImportedGraph.ROWS, rows);
        HostMemory in = HostMemory.allocate(operation.bytes(0, scalars));
        HostMemory out = HostMemory.allocate(operation.bytes(1, scalars));
        in.putFloats(0, input);
        operation
                .contract()
                .compute(List.of(in, out), scalars, 0, operation.contract().items(scalars));
        float[] result = new float[(int) (out.size() / Float.BYTES)];
        out.getFloats(0, result);
        return result;
    }
}
