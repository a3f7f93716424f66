package dev.ingot.accelerator.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OrtException;
import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.backend.DeviceMemory;
import dev.ingot.accelerator.memory.HostMemory;
import dev.ingot.accelerator.operation.Operation;
import dev.ingot.accelerator.operation.Scalars;
import dev.ingot.accelerator.standard.StandardOperations;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The engine in this process: what a result depends on, and what it does not. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class OnnxBackendTest {
    private static final long SEED = 20_261_129;

    @TempDir
    private Path directory;

    private final OnnxBackend backend = new OnnxBackend(Engine.environment());
    private int files;

    OnnxBackendTest() throws DeviceFault {}

    @AfterEach
    void close() {
        backend.close();
        backend.close();
    }

    /** A promise to the bit must hold wherever a kernel is stopped, and on one processor as on many. */
    @ParameterizedTest
    @EnumSource
    void bitsDoNotDependOnWhereAKernelIsStopped(GraphFunction function) throws Exception {
        Operation operation = function.operation();
        Scalars scalars = scalars(function);
        long items = operation.contract().items(scalars);
        long grain = function.support().grain();
        List<HostMemory> whole = contents(operation, scalars);
        compute(operation, whole, scalars, 0, items);
        List<HostMemory> parts = contents(operation, scalars);
        long step = Math.max(grain, items / 7 / grain * grain);
        for (long first = 0; first < items; first += step) {
            compute(operation, parts, scalars, first, Math.min(items, first + step));
        }

        assertThat(bytes(parts.get(parts.size() - 1))).isEqualTo(bytes(whole.get(whole.size() - 1)));
    }

    /** Sums of products of the largest numbers, where code for some processors is known to saturate. */
    @Test
    void bytesAreMultipliedExactly() throws Exception {
        Operation operation = StandardOperations.GEMM_I8;
        Scalars scalars = Scalars.of("m", 70L).and("n", 33L).and("k", 259L);
        for (byte[] factors : List.of(new byte[] {-128, -128}, new byte[] {127, -128}, new byte[] {127, 127})) {
            List<HostMemory> memories = contents(operation, scalars);
            fill(memories.get(0), factors[0]);
            fill(memories.get(1), factors[1]);
            compute(operation, memories, scalars, 0, 70);

            ByteBuffer product = ByteBuffer.wrap(bytes(memories.get(2))).order(ByteOrder.LITTLE_ENDIAN);
            while (product.hasRemaining()) {
                assertThat(product.getInt()).isEqualTo(259 * factors[0] * factors[1]);
            }
        }
    }

    /** Memory is in pieces of 1 GiB, and a block of rows may lie across two. Files that are hardly written take no room. */
    @Test
    void blocksLieAcrossPiecesOfMemory() throws Exception {
        long width = 37;
        Operation operation = StandardOperations.SOFTMAX_F32;
        long grain = GraphFunction.SOFTMAX_F32.support().grain();
        long first = HostMemory.LARGEST_SEGMENT / Float.BYTES / width / grain * grain;
        Scalars small = Scalars.of("rows", 2 * grain).and("width", width);
        Scalars large = Scalars.of("rows", first + 2 * grain).and("width", width);
        List<HostMemory> expected = contents(operation, small);
        List<HostMemory> memories = List.of(sparse(operation.bytes(0, large)), sparse(operation.bytes(1, large)));
        long start = Float.BYTES * first * width;
        assertThat(memories.get(0).isInSegment(start, Float.BYTES * grain * width))
                .isFalse();
        memories.get(0).write(start, ByteBuffer.wrap(bytes(expected.get(0))));
        compute(operation, memories, large, first, first + 2 * grain);
        compute(operation, expected, small, 0, 2 * grain);

        byte[] computed = new byte[(int) expected.get(1).size()];
        memories.get(1).read(start, ByteBuffer.wrap(computed));
        assertThat(computed).isEqualTo(bytes(expected.get(1)));
    }

    private HostMemory sparse(long bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(
                directory.resolve("memory-" + files++),
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.SPARSE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(1), bytes - 1);
            return HostMemory.map(channel);
        }
    }

    @Test
    void refusesWhatIsNoGraphHere() {
        assertThatThrownBy(() -> backend.compute(StandardOperations.PHILOX_4X32, List.of(), Scalars.NONE, 0, 1))
                .isInstanceOfSatisfying(
                        DeviceFault.class, fault -> assertThat(fault.code()).isEqualTo(DeviceFault.Code.UNSUPPORTED))
                .hasMessageContaining("philox.4x32@1 is not among")
                .hasMessageContaining("gemm.f32@1");
    }

    @Test
    void goesOnAfterABlockThatFailed() throws Exception {
        Operation operation = StandardOperations.GEMM_F32;
        Scalars scalars = scalars(GraphFunction.GEMM_F32);
        List<HostMemory> memories = contents(operation, scalars);
        List<HostMemory> small = List.of(memories.get(0), map(8), memories.get(2));

        assertThatThrownBy(() -> compute(operation, small, scalars, 0, 257))
                .isInstanceOfSatisfying(
                        DeviceFault.class, fault -> assertThat(fault.scope()).isEqualTo(DeviceFault.Scope.COMMAND));
        compute(operation, memories, scalars, 0, 257);
    }

    @Test
    void faultsSayWhatTheEngineSaid() {
        assertThatThrownBy(() -> Engine.environment().createSession(new byte[] {1, 2, 3}))
                .isInstanceOfSatisfying(OrtException.class, refused -> {
                    DeviceFault fault = OnnxFault.of(refused, "cannot make a session");
                    assertThat(fault.code()).isEqualTo(DeviceFault.Code.COMPILE);
                    assertThat(fault.evidence()).containsEntry("onnxruntime.error", "ORT_INVALID_PROTOBUF");
                });
    }

    private static Scalars scalars(GraphFunction function) {
        return switch (function) {
            case GEMM_F32, GEMM_I8 -> Scalars.of("m", 257L).and("n", 53L).and("k", 300L);
            case ADD_F32, MULTIPLY_F32 -> Scalars.of("n", 200_003L);
            case TREE_SUM_F32 -> Scalars.of("n", 256L * 130 + 7);
            case SOFTMAX_F32 -> Scalars.of("rows", 257L).and("width", 37L);
            case LAYER_NORM_F32 -> Scalars.of("rows", 257L).and("width", 37L).and("epsilon", 1e-5f);
            case CONVOLUTION_F32 ->
                Scalars.of("filters", 5L)
                        .and("channels", 3L)
                        .and("height", 41L)
                        .and("width", 17L)
                        .and("size", 3L);
        };
    }

    private void compute(Operation operation, List<HostMemory> memories, Scalars scalars, long first, long end)
            throws DeviceFault {
        List<DeviceMemory> operands = new ArrayList<>();
        for (HostMemory memory : memories) {
            operands.add(backend.share(memory));
        }
        backend.compute(operation, operands, scalars, first, end);
    }

    private List<HostMemory> contents(Operation operation, Scalars scalars) throws IOException {
        Random random = new Random(SEED);
        List<HostMemory> memories = new ArrayList<>();
        for (int i = 0; i < operation.operands().size(); i++) {
            HostMemory memory = map(operation.bytes(i, scalars));
            for (long at = 0; at + 4 <= memory.size(); at += 4) {
                memory.putFloat(at, 2 * random.nextFloat() - 1);
            }
            memories.add(memory);
        }
        return memories;
    }

    private HostMemory map(long bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(
                directory.resolve("memory-" + files++),
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate((int) bytes));
            return HostMemory.map(channel);
        }
    }

    private static void fill(HostMemory memory, byte value) {
        byte[] content = new byte[(int) memory.size()];
        Arrays.fill(content, value);
        memory.write(0, ByteBuffer.wrap(content));
    }

    private static byte[] bytes(HostMemory memory) {
        byte[] content = new byte[(int) memory.size()];
        memory.read(0, ByteBuffer.wrap(content));
        return content;
    }
}
