package dev.ingot.accelerator.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.device.Accelerators;
import dev.ingot.accelerator.device.Device;
import dev.ingot.accelerator.device.DeviceBuffer;
import dev.ingot.accelerator.device.Kernel;
import dev.ingot.accelerator.device.Timeline;
import dev.ingot.accelerator.device.TimelinePoint;
import dev.ingot.accelerator.graph.ImportedGraph;
import dev.ingot.accelerator.graph.ModelBuilder;
import dev.ingot.accelerator.operation.Determinism;
import dev.ingot.accelerator.operation.KernelFormat;
import dev.ingot.accelerator.operation.Operation;
import dev.ingot.accelerator.operation.Scalars;
import dev.ingot.accelerator.operation.Tolerance;
import dev.ingot.accelerator.state.RestorePlan;
import dev.ingot.accelerator.tck.HostedReferenceProvider;
import dev.ingot.accelerator.tck.ReferenceProvider;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A model is an operation of the engine and of whatever computes by the reference, and goes from one to the other in its middle. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class ModelTest {
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final long ROWS = 20_003;
    private static final int SIDE = 12;
    private static final int CLASSES = 10;

    private final Accelerators accelerators =
            Accelerators.of(List.of(new OnnxProvider(), new ReferenceProvider(), new HostedReferenceProvider()));
    private final Operation net = ImportedGraph.operation("net", net());

    /** Two layers of windows and two of sums. */
    private static byte[] net() {
        Random random = new Random(5);
        return new ModelBuilder()
                .rows("picture", 1, SIDE, SIDE)
                .constant("filters", List.of(4L, 1L, 3L, 3L), floats(36, random))
                .constant("filter shifts", List.of(4L, 1L, 1L), floats(4, random))
                .constant("first", List.of(100L, 16L), floats(1600, random))
                .constant("shifts", List.of(16L), floats(16, random))
                .constant("second", List.of(16L, 10L), floats(160, random))
                .node("Conv", "pads", List.of(0L, 0L, 0L, 0L), "windows", "picture", "filters")
                .node("Add", "shifted windows", "windows", "filter shifts")
                .node("Relu", "seen", "shifted windows")
                .node("MaxPool", "kernel_shape", List.of(6L, 6L), "largest", "seen")
                .node("Flatten", "flat", "largest")
                .node("MatMul", "sums", "flat", "first")
                .node("Add", "shifted sums", "sums", "shifts")
                .node("Tanh", "hidden", "shifted sums")
                .node("MatMul", "votes", "hidden", "second")
                .node("Softmax", "digit", "votes")
                .output("digit", ModelBuilder.Type.FLOAT)
                .model();
    }

    private static ByteBuffer floats(int count, Random random) {
        ByteBuffer content = ByteBuffer.allocate(Float.BYTES * count).order(ByteOrder.LITTLE_ENDIAN);
        while (content.hasRemaining()) {
            content.putFloat(random.nextFloat() - 0.5f);
        }
        return content.flip();
    }

    @ParameterizedTest
    @CsvSource({"onnx, reference", "reference, onnx", "onnx, hosted"})
    void goesOnElsewhereWithConsent(String from, String to) throws Exception {
        ByteBuffer expected = computed("reference");
        try (Device device = accelerators.open(accelerators.named(from).get(0))) {
            DeviceBuffer pictures = pictures(device);
            DeviceBuffer digits = device.allocate("digits", Float.BYTES * ROWS * CLASSES);
            Timeline done = new Timeline("done");
            device.createQueue("net").submit(kernel(pictures, digits), new TimelinePoint(done, 1));

            assertThatThrownBy(() ->
                            device.moveTo(accelerators, accelerators.named(to).get(0), DEADLINE))
                    .isInstanceOfSatisfying(
                            DeviceFault.class,
                            fault -> assertThat(fault.code()).isEqualTo(DeviceFault.Code.STATE_REJECTED))
                    .hasMessageContainingAll(net.identity(), "the job has not consented");
            assertThat(device.descriptor().provider()).isEqualTo(from);
            device.accept(Determinism.TOLERANCE);
            RestorePlan plan =
                    device.moveTo(accelerators, accelerators.named(to).get(0), DEADLINE);

            assertThat(plan.kept()).isEqualTo(Determinism.TOLERANCE);
            assertThat(plan.lowered()).isEqualTo(Determinism.TOLERANCE);
            done.await(1);
            assertNear(content(digits), expected);
        }
    }

    @Test
    void refusesAModelThatWouldReadAnotherFile() {
        // Of a constant: its name, its type, one size, and that its content is elsewhere.
        byte[] tensor = {0x08, 0x01, 0x10, 0x01, 0x42, 0x01, 'w', 0x70, 0x01};
        byte[] graph = new byte[tensor.length + 2];
        graph[0] = 0x2a;
        graph[1] = (byte) tensor.length;
        System.arraycopy(tensor, 0, graph, 2, tensor.length);
        byte[] model = new byte[graph.length + 2];
        model[0] = 0x3a;
        model[1] = (byte) graph.length;
        System.arraycopy(graph, 0, model, 2, graph.length);

        assertThatThrownBy(() -> ImportedGraph.of(model))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is in another file");
    }

    private ByteBuffer computed(String name) throws Exception {
        try (Device device = accelerators.open(accelerators.named(name).get(0))) {
            DeviceBuffer pictures = pictures(device);
            DeviceBuffer digits = device.allocate("digits", Float.BYTES * ROWS * CLASSES);
            Timeline done = new Timeline("done");
            device.createQueue("net").submit(kernel(pictures, digits), new TimelinePoint(done, 1));
            done.await(1);
            return content(digits);
        }
    }

    private Kernel kernel(DeviceBuffer pictures, DeviceBuffer digits) {
        return Kernel.of(net, List.of(pictures, digits), Scalars.of(ImportedGraph.ROWS, ROWS));
    }

    private static DeviceBuffer pictures(Device device) throws DeviceFault, InterruptedException {
        DeviceBuffer pictures = device.allocate("pictures", Float.BYTES * ROWS * SIDE * SIDE);
        pictures.write(0, floats((int) ROWS * SIDE * SIDE, new Random(7)));
        return pictures;
    }

    private static ByteBuffer content(DeviceBuffer buffer) throws DeviceFault, InterruptedException {
        ByteBuffer content = ByteBuffer.allocate((int) buffer.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        buffer.read(0, content);
        return content.flip().order(ByteOrder.LITTLE_ENDIAN);
    }

    private static void assertNear(ByteBuffer actual, ByteBuffer expected) {
        Tolerance tolerance = Objects.requireNonNull(KernelFormat.ONNX.tolerance());
        for (int at = 0; at < expected.limit(); at += Float.BYTES) {
            assertThat(tolerance.accepts(actual.getFloat(at), expected.getFloat(at)))
                    .as("at %d: %s is within %s of %s", at, actual.getFloat(at), tolerance, expected.getFloat(at))
                    .isTrue();
        }
    }
}
