package dev.ingot.accelerator.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.backend.DeviceDescriptor;
import dev.ingot.accelerator.device.Accelerators;
import dev.ingot.accelerator.device.CommandQueue;
import dev.ingot.accelerator.device.Device;
import dev.ingot.accelerator.device.DeviceBuffer;
import dev.ingot.accelerator.device.Kernel;
import dev.ingot.accelerator.device.Timeline;
import dev.ingot.accelerator.device.TimelinePoint;
import dev.ingot.accelerator.memory.HostMemory;
import dev.ingot.accelerator.operation.Access;
import dev.ingot.accelerator.operation.Contract;
import dev.ingot.accelerator.operation.Determinism;
import dev.ingot.accelerator.operation.ElementType;
import dev.ingot.accelerator.operation.KernelFormat;
import dev.ingot.accelerator.operation.Operand;
import dev.ingot.accelerator.operation.Operation;
import dev.ingot.accelerator.operation.Scalar;
import dev.ingot.accelerator.operation.Scalars;
import dev.ingot.accelerator.share.Share;
import dev.ingot.accelerator.standard.StandardOperations;
import dev.ingot.accelerator.state.RestorePlan;
import dev.ingot.accelerator.tck.ReferenceProvider;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is said where CUDA, or a kernel, is not as it should be. */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class CudaTest {
    private static final long BLOCKS = 200_000;
    /** More than a block of threads, and not whole ones. */
    private static final long SCALED = 1_000;

    /** Where the GPU notes what goes to it, if it is there. */
    private static final Path TRANSFERS = StandInProvider.DIRECTORY.resolve("transfers");

    private static final Duration DEADLINE = Duration.ofSeconds(60);

    @Test
    void saysWhyThereIsNoDevice() {
        CudaProvider provider = new CudaProvider(new CudaLibraries("libno-such-driver.so", List.of()));

        assertThat(provider.discover()).isEmpty();
        assertThat(provider.diagnostics())
                .singleElement()
                .asString()
                .contains(ForeignLibrary.isPossible() ? "libno-such-driver.so" : "needs a JDK 22");
    }

    /** A process that has the device keeps it, and all that it compiled; only where the driver fails it is done by contents. */
    @Test
    void movesNativelyBetweenGpusOfOneBuild() throws Exception {
        StandInProvider.require();
        Path refuse = StandInProvider.DIRECTORY.resolve("refuse");
        Path moves = StandInProvider.DIRECTORY.resolve("moves");
        Files.deleteIfExists(refuse);
        Files.deleteIfExists(moves);
        // The spare one of a test before may be there for some seconds still.
        Set<Long> others = hostsBut(Set.of());
        Accelerators accelerators = Accelerators.of(List.of(new StandInProvider(), new ReferenceProvider()));
        List<DeviceDescriptor> gpus = accelerators.named("cuda");
        assertThat(gpus).hasSize(2);
        try (Device device = accelerators.open(gpus.get(0))) {
            DeviceBuffer scratch = device.allocateTransient("scratch", 10);
            DeviceBuffer out = device.allocate("out", 16 * BLOCKS);
            scratch.write(0, ByteBuffer.wrap(new byte[] {1}));
            Timeline done = new Timeline("done");
            CommandQueue queue = device.createQueue("random");
            queue.submit(random(out), new TimelinePoint(done, 1));
            Set<Long> hosts = hostsBut(others);
            RestorePlan natively =
                    new RestorePlan(RestorePlan.Mode.NATIVE, 0, 0, Determinism.BITWISE_ANY_KIND, null, List.of());

            assertThat(RestorePlan.of(device.capture(DEADLINE), gpus.get(1)).mode())
                    .isEqualTo(RestorePlan.Mode.NATIVE);
            assertThat(device.moveTo(accelerators, gpus.get(1), DEADLINE)).isEqualTo(natively);
            assertThat(device.descriptor()).isEqualTo(gpus.get(1));
            assertThat(device.moveTo(accelerators, gpus.get(0), DEADLINE)).isEqualTo(natively);
            assertThat(hostsBut(others)).isEqualTo(hosts);
            assertThat(Files.readAllLines(moves)).hasSize(2).allMatch(line -> line.endsWith(" moved"));
            ByteBuffer first = ByteBuffer.allocate(1);
            scratch.read(0, first);
            assertThat(first.get(0)).isZero();

            Files.createFile(refuse);
            RestorePlan byContents = device.moveTo(accelerators, gpus.get(1), DEADLINE);
            assertThat(byContents.mode()).isEqualTo(RestorePlan.Mode.PORTABLE);
            assertThat(byContents.reasons()).singleElement().asString().contains("could not restore", "801");
            assertThat(hostsBut(others)).isNotEmpty().doesNotContainAnyElementsOf(hosts);
            done.await(1);
            assertThat(content(out)).isEqualTo(expected());
        } finally {
            Files.deleteIfExists(refuse);
        }
    }

    @Test
    void operandsStayOnTheGpu() throws Exception {
        StandInProvider.require();
        Accelerators accelerators = Accelerators.of(List.of(new StandInProvider()));
        try (Device device = accelerators.open(accelerators.named("cuda").get(0))) {
            Files.writeString(TRANSFERS, "");
            List<DeviceBuffer> buffers = addends(device);
            CommandQueue queue = device.createQueue("sums");
            sum(queue, buffers);
            assertThat(moved())
                    .startsWith(
                            "allocated 4000",
                            "up 4000",
                            "allocated 4000",
                            "up 4000",
                            "allocated 4000",
                            "up 4000",
                            "down 4000");

            Files.writeString(TRANSFERS, "");
            sum(queue, buffers);
            assertThat(moved()).containsOnly("down 4000");

            Files.writeString(TRANSFERS, "");
            buffers.get(0)
                    .write(
                            12,
                            ByteBuffer.allocate(4)
                                    .order(ByteOrder.LITTLE_ENDIAN)
                                    .putFloat(0, 5));
            sum(queue, buffers);
            assertThat(moved())
                    .startsWith("up 4", "down 4000")
                    .filteredOn(line -> line.startsWith("up"))
                    .hasSize(1);
            assertThat(content(buffers.get(2)).order(ByteOrder.LITTLE_ENDIAN).getFloat(12))
                    .isEqualTo(5);
        } finally {
            Files.deleteIfExists(TRANSFERS);
        }
    }

    @Test
    void nothingIsLeftOnTheGpuForAnotherOwner() throws Exception {
        StandInProvider.require();
        Accelerators accelerators = Accelerators.of(List.of(new StandInProvider()));
        DeviceDescriptor gpu = accelerators.named("cuda").get(0);
        try (Device one = accelerators.sharing(new Share("a", 1, 1 << 20)).open(gpu);
                Device other = accelerators.sharing(new Share("b", 1, 1 << 20)).open(gpu)) {
            List<DeviceBuffer> ofOne = addends(one);
            List<DeviceBuffer> ofOther = addends(other);
            CommandQueue queue = one.createQueue("sums");
            CommandQueue queueOfOther = other.createQueue("sums");
            sum(queue, ofOne);
            for (int i = 0; i < 2; i++) {
                Files.writeString(TRANSFERS, "");
                sum(queueOfOther, ofOther);
                assertThat(moved().subList(0, 4))
                        .containsExactly("freed 4000", "freed 4000", "freed 4000", "allocated 4000");
                Files.writeString(TRANSFERS, "");
                sum(queue, ofOne);
                assertThat(moved().subList(0, 4))
                        .containsExactly("freed 4000", "freed 4000", "freed 4000", "allocated 4000");
            }
        } finally {
            Files.deleteIfExists(TRANSFERS);
        }
    }

    private static List<DeviceBuffer> addends(Device device) throws DeviceFault, InterruptedException {
        return List.of(device.allocate("a", 4000), device.allocate("b", 4000), device.allocate("c", 4000));
    }

    private static void sum(CommandQueue queue, List<DeviceBuffer> buffers) throws DeviceFault, InterruptedException {
        Timeline done = new Timeline("done");
        queue.submit(
                Kernel.of(StandardOperations.ADD_F32, buffers, Scalars.of("n", 1000L)), new TimelinePoint(done, 1));
        done.await(1);
    }

    /** What was done to memory of the GPU, in order, whichever process did it. */
    private static List<String> moved() throws IOException {
        return Files.readAllLines(TRANSFERS).stream()
                .map(line -> line.substring(line.indexOf(' ') + 1))
                .toList();
    }

    private static Set<Long> hostsBut(Set<Long> others) {
        return ProcessHandle.current()
                .children()
                .map(ProcessHandle::pid)
                .filter(pid -> !others.contains(pid))
                .collect(Collectors.toSet());
    }

    private static Kernel random(DeviceBuffer out) {
        return Kernel.of(
                StandardOperations.PHILOX_4X32,
                List.of(out),
                Scalars.of("blocks", BLOCKS)
                        .and("counter", 0L)
                        .and("stream", 0L)
                        .and("key", 1L));
    }

    private static ByteBuffer content(DeviceBuffer buffer) throws DeviceFault, InterruptedException {
        ByteBuffer content = ByteBuffer.allocate((int) buffer.bytes());
        buffer.read(0, content);
        return content.flip();
    }

    private static ByteBuffer expected() throws DeviceFault, InterruptedException {
        Accelerators reference = Accelerators.of(List.of(new ReferenceProvider()));
        try (Device device = reference.open(reference.devices().get(0))) {
            DeviceBuffer out = device.allocate("out", 16 * BLOCKS);
            Timeline done = new Timeline("done");
            device.createQueue("random").submit(random(out), new TimelinePoint(done, 1));
            done.await(1);
            return content(out);
        }
    }

    /** The variant alone: there is no source that could be compiled instead. */
    @Test
    void runsTheProgramsOwnPtx() throws Exception {
        StandInProvider.require();
        String code = Files.readString(Path.of(
                Objects.requireNonNull(CudaTest.class.getResource("scaled.ptx")).toURI()));
        Accelerators accelerators = Accelerators.of(List.of(new StandInProvider(), new ReferenceProvider()));
        try (Device device = accelerators.open(accelerators.named("cuda").get(0))) {
            DeviceBuffer in = device.allocate("in", 8 * SCALED);
            DeviceBuffer out = device.allocate("out", 8 * SCALED);
            ByteBuffer content = ByteBuffer.allocate((int) in.bytes()).order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < SCALED; i++) {
                content.putLong(i * 0x9e3779b97f4a7c15L);
            }
            in.write(0, content.flip());
            CommandQueue queue = device.createQueue("scaled");
            Timeline done = new Timeline("done");
            assertThatThrownBy(() -> queue.submit(scaled(in, out, Map.of()), new TimelinePoint(done, 1)))
                    .hasMessageContaining("does not have scaled@1");

            queue.submit(scaled(in, out, Map.of(KernelFormat.PTX, code)), new TimelinePoint(done, 1));
            done.await(1);
            ByteBuffer scaled = content(out).order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < SCALED; i++) {
                assertThat(scaled.getLong(8 * i)).as("item %d", i).isEqualTo(content.getLong(8 * i) * 7 + i);
            }

            queue.submit(
                    scaled(in, out, Map.of(KernelFormat.PTX, code.replace("shl.b64", "no.such"))),
                    new TimelinePoint(done, 2));
            assertThatThrownBy(() -> done.await(2))
                    .isInstanceOfSatisfying(
                            DeviceFault.class, fault -> assertThat(fault.code()).isEqualTo(DeviceFault.Code.COMPILE));
        }
    }

    private static Kernel scaled(DeviceBuffer in, DeviceBuffer out, Map<KernelFormat, String> variants) {
        Operation operation = new Operation(
                "scaled",
                1,
                List.of(
                        new Operand("in", ElementType.I64, Access.READ),
                        new Operand("out", ElementType.I64, Access.WRITE)),
                List.of(new Scalar("n", ElementType.I64), new Scalar("factor", ElementType.I64)),
                Determinism.BITWISE_ANY_KIND,
                true,
                new Scaled(),
                variants);
        return Kernel.of(operation, List.of(in, out), Scalars.of("n", SCALED).and("factor", 7L));
    }

    private static final class Scaled implements Contract {
        @Override
        public long items(Scalars scalars) {
            return scalars.integer("n");
        }

        @Override
        public long elements(int operand, Scalars scalars) {
            return scalars.integer("n");
        }

        @Override
        public void compute(List<HostMemory> operands, Scalars scalars, long from, long to) {
            for (long i = from; i < to; i++) {
                operands.get(1).putLong(8 * i, operands.get(0).getLong(8 * i) * scalars.integer("factor") + i);
            }
        }
    }

    @Test
    void saysWhatIsWrongWithASource() throws Exception {
        StandInProvider.require();
        Accelerators accelerators = Accelerators.of(List.of(new StandInProvider()));
        try (Device device = accelerators.open(accelerators.named("cuda").get(0))) {
            DeviceBuffer out = device.allocate("out", 16);
            Timeline done = new Timeline("done");
            device.createQueue("wrong")
                    .submit(
                            Kernel.of(
                                    StandardOperations.PHILOX_4X32.with(
                                            KernelFormat.OPENCL_C, "__kernel void operation(nonsense) {}"),
                                    List.of(out),
                                    Scalars.of("blocks", 1L)
                                            .and("counter", 0L)
                                            .and("stream", 0L)
                                            .and("key", 0L)),
                            new TimelinePoint(done, 1));

            assertThatThrownBy(() -> done.await(1))
                    .isInstanceOfSatisfying(
                            DeviceFault.class, fault -> assertThat(fault.code()).isEqualTo(DeviceFault.Code.COMPILE))
                    .hasMessageContaining("nonsense");
        }
    }
}
