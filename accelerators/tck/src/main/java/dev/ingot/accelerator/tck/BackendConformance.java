package dev.ingot.accelerator.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.Health;
import dev.ingot.accelerator.backend.AcceleratorProvider;
import dev.ingot.accelerator.backend.Attribute;
import dev.ingot.accelerator.backend.Backend;
import dev.ingot.accelerator.backend.DeviceDescriptor;
import dev.ingot.accelerator.backend.DeviceMemory;
import dev.ingot.accelerator.backend.Isolation;
import dev.ingot.accelerator.backend.NativeImage;
import dev.ingot.accelerator.backend.OperationSupport;
import dev.ingot.accelerator.backend.Registers;
import dev.ingot.accelerator.backend.SuspendableBackend;
import dev.ingot.accelerator.device.Accelerators;
import dev.ingot.accelerator.device.Command;
import dev.ingot.accelerator.device.CommandQueue;
import dev.ingot.accelerator.device.Device;
import dev.ingot.accelerator.device.DeviceBuffer;
import dev.ingot.accelerator.device.Kernel;
import dev.ingot.accelerator.device.Timeline;
import dev.ingot.accelerator.device.TimelinePoint;
import dev.ingot.accelerator.host.HostedProvider;
import dev.ingot.accelerator.operation.Access;
import dev.ingot.accelerator.operation.Determinism;
import dev.ingot.accelerator.operation.ElementType;
import dev.ingot.accelerator.operation.KernelFormat;
import dev.ingot.accelerator.operation.Operand;
import dev.ingot.accelerator.operation.Operation;
import dev.ingot.accelerator.operation.Scalars;
import dev.ingot.accelerator.operation.Tolerance;
import dev.ingot.accelerator.standard.StandardOperations;
import dev.ingot.accelerator.state.BufferState;
import dev.ingot.accelerator.state.Chunk;
import dev.ingot.accelerator.state.CommandState;
import dev.ingot.accelerator.state.DeviceState;
import dev.ingot.accelerator.state.RestorePlan;
import dev.ingot.accelerator.tck.ObservedBackend.Call;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What a backend must do. A backend's own test extends this class and names its provider; the first device found is tested, and
 * brought to and from {@link ReferenceProvider}'s. Random contents come from a fixed seed.
 */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
public abstract class BackendConformance {
    private static final int MOST_ATTEMPTS = 20;
    private static final int SUBMISSIONS = 100;
    /** That take longer than three chunks to copy. */
    private static final int FILLS = 20_000;
    /** In one step. */
    private static final int MOST_STOPS = 2000;
    /** Of a device, that its kernels have at least. */
    private static final long GRAINS = 4;
    /** That a step goes on on before it stays. */
    private static final int INSTANCES = 3;
    /** Devices or buffers, of which each would leave something. */
    private static final int ROUNDS = 12;
    /** Of what leaks in every second round there is more than that. */
    private static final int SLACK = ROUNDS / 3;
    /** Of a buffer; large enough for some of them to be told from how the memory of a process comes and goes. */
    private static final long LEAKED_BYTES = 32L << 20;
    /** Device hosts that are ended in the middle of their work. */
    private static final int HOSTS = 3;

    /** For names of queues. */
    private static final AtomicInteger RUNS = new AtomicInteger();

    private static final Duration HANGING = Duration.ofSeconds(3);
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private Accelerators accelerators = Accelerators.of(List.of());
    private List<DeviceDescriptor> descriptors = List.of();
    private final List<ObservedProvider> observed = new ArrayList<>();
    private final List<Device> opened = new ArrayList<>();
    private final List<Backend> backends = new ArrayList<>();

    /** For subclasses. */
    protected BackendConformance() {}

    /** The provider to test. */
    protected abstract AcceleratorProvider provider();

    @BeforeEach
    protected final void findDevices() {
        AcceleratorProvider provider = provider();
        accelerators = Accelerators.of(List.of(provider, new ReferenceProvider()));
        descriptors = accelerators.named(provider.name());
        assertThat(descriptors).as("devices; %s", accelerators.diagnostics()).isNotEmpty();
    }

    @AfterEach
    protected final void closeDevices() {
        observed.forEach(ObservedProvider::release);
        opened.forEach(Device::close);
        backends.forEach(Backend::close);
    }

    private DeviceDescriptor tested() {
        return descriptors.get(0);
    }

    private DeviceDescriptor reference() {
        return accelerators.named("reference").get(0);
    }

    private Device open() throws DeviceFault {
        return open(tested());
    }

    private Device open(DeviceDescriptor descriptor) throws DeviceFault {
        return open(accelerators, descriptor);
    }

    private Device open(Accelerators from, DeviceDescriptor descriptor) throws DeviceFault {
        Device device = from.open(descriptor);
        opened.add(device);
        return device;
    }

    private ObservedProvider observe(AcceleratorProvider provider) {
        ObservedProvider observer = new ObservedProvider(provider);
        observed.add(observer);
        return observer;
    }

    // ---- descriptor

    @Test
    protected void describesItself() {
        assertThat(tested().name()).isEqualTo(tested().provider() + ":" + tested().id());
        assertThat(tested().model()).isNotBlank();
        assertThat(tested().build()).isNotBlank();
        assertThat(tested().memoryBytes()).isPositive();
        assertThat(tested().operations())
                .allSatisfy(
                        (identity, support) -> assertThat(support.operation()).isEqualTo(identity));
    }

    @Test
    protected void findsTheSameDevicesEachTime() {
        List<String> again = Accelerators.of(List.of(provider())).devices().stream()
                .map(DeviceDescriptor::name)
                .toList();

        assertThat(again)
                .isEqualTo(descriptors.stream().map(DeviceDescriptor::name).toList());
    }

    @Test
    protected void refusesADeviceThatIsNotThere() {
        DeviceDescriptor device = tested();
        DeviceDescriptor missing = new DeviceDescriptor(
                device.provider(),
                "no such device",
                device.kind(),
                device.model(),
                device.build(),
                device.memoryBytes(),
                device.attributes(),
                device.operations(),
                device.formats());

        assertThatThrownBy(() -> accelerators.open(missing)).isInstanceOf(DeviceFault.class);
    }

    // ---- memory

    @Test
    protected void memoryIsZeroAtFirst() throws Exception {
        DeviceBuffer buffer = open().allocate("fresh", 100_003);

        assertThat(Contents.read(buffer)).isEqualTo(ByteBuffer.allocate(100_003));
    }

    /** Whatever lay there before, of this program or of one that had the device before it. */
    @Test
    protected void memoryThatWasUsedIsZeroAgain() throws Exception {
        Device before = open();
        for (Device device : List.of(before, before, open())) {
            DeviceBuffer buffer = device.allocate("used", 100_003);
            assertThat(Contents.read(buffer)).isEqualTo(ByteBuffer.allocate(100_003));
            byte[] content = new byte[100_003];
            Arrays.fill(content, (byte) 7);
            buffer.write(0, ByteBuffer.wrap(content));
            assertThat(Contents.read(buffer)).isEqualTo(ByteBuffer.wrap(content));
            buffer.free();
        }
    }

    @Test
    protected void keepsWhatIsWrittenAtOddPlaces() throws Exception {
        DeviceBuffer buffer = open().allocate("odd", 1_048_583);
        byte[] content = new byte[1_048_577];
        new Random(Contents.SEED).nextBytes(content);
        buffer.write(3, ByteBuffer.wrap(content).asReadOnlyBuffer());

        ByteBuffer direct = ByteBuffer.allocateDirect(content.length);
        buffer.read(3, direct);
        assertThat(direct.flip()).isEqualTo(ByteBuffer.wrap(content));
        ByteBuffer ends = ByteBuffer.allocate(3);
        buffer.read(0, ends);
        assertThat(ends.flip()).isEqualTo(ByteBuffer.allocate(3));
    }

    @Test
    protected void buffersDoNotTouchEachOther() throws Exception {
        Device device = open();
        DeviceBuffer first = device.allocate("first", 4096);
        DeviceBuffer second = device.allocate("second", 4096);
        byte[] ones = new byte[4096];
        Arrays.fill(ones, (byte) 1);
        first.write(0, ByteBuffer.wrap(ones));

        assertThat(Contents.read(second)).isEqualTo(ByteBuffer.allocate(4096));
        first.free();
        assertThat(Contents.read(second)).isEqualTo(ByteBuffer.allocate(4096));
    }

    @Test
    protected void saysWhenThereIsTooLittleMemory() throws Exception {
        Device device = open();

        assertThatThrownBy(() -> device.allocate("all", Math.multiplyExact(tested().memoryBytes(), 4L)))
                .isInstanceOfSatisfying(
                        DeviceFault.class, fault -> assertThat(fault.code()).isEqualTo(DeviceFault.Code.OUT_OF_MEMORY));
        assertThat(Contents.read(device.allocate("some", 8))).isEqualTo(ByteBuffer.allocate(8));
    }

    /** What an array could not hold is held to its last byte. A device that refuses it says so, and the rest is left out. */
    @Test
    protected void holdsMoreThanAnArrayOrSaysSo() throws Exception {
        long bytes = (1L << 31) + 5;
        assumeThat(Machine.freeBytes())
                .as("LEFT OUT: there is too little memory here for a buffer of %d bytes", bytes)
                .isGreaterThan(3 * bytes);
        Device device = open();
        DeviceBuffer allocated = null;
        DeviceFault refusal = null;
        try {
            allocated = device.allocateTransient("large", bytes);
        } catch (DeviceFault refused) {
            assertThat(refused.code()).isEqualTo(DeviceFault.Code.OUT_OF_MEMORY);
            assertThat(Contents.read(device.allocate("small", 8))).isEqualTo(ByteBuffer.allocate(8));
            refusal = refused;
        }
        assumeThat(allocated)
                .as("LEFT OUT: %s refuses a buffer of %d bytes, as it may: %s", tested().name(), bytes, refusal)
                .isNotNull();
        DeviceBuffer large = Objects.requireNonNull(allocated);
        long[] places = {0, (1L << 31) - 1, 1L << 31, bytes - 1};
        for (long place : places) {
            large.write(place, ByteBuffer.wrap(new byte[] {(byte) (place % 100 + 1)}));
        }
        for (long place : places) {
            ByteBuffer content = ByteBuffer.allocate(1);
            large.read(place, content);
            assertThat(content.get(0)).as("at %d", place).isEqualTo((byte) (place % 100 + 1));
        }
        large.free();
    }

    @Test
    protected void copiesAndFills() throws Exception {
        Device device = open();
        DeviceBuffer from = device.allocate("from", 5000);
        DeviceBuffer to = device.allocate("to", 5000);
        run(device, new Command.Fill(from, 10, 100, (byte) 7), new Command.Copy(from, 5, to, 1000, 50));

        byte[] expected = new byte[5000];
        Arrays.fill(expected, 1005, 1050, (byte) 7);
        assertThat(Contents.read(to)).isEqualTo(ByteBuffer.wrap(expected));
    }

    // ---- operations

    @Test
    protected void hasSomethingToCompute() {
        assertThat(supported()).isNotEmpty();
    }

    @Test
    protected void computesWhatTheContractsSay() throws Exception {
        Device device = open();
        for (Case each : supported()) {
            List<DeviceBuffer> buffers = Contents.allocate(device, each);
            run(device, Kernel.of(each.operation(), buffers, each.scalars()));
            assertResults(each, buffers);
            free(buffers);
        }
    }

    /** What is promised to be the same on one build must be so on each instance. */
    @Test
    protected void computesTheSameOnEachInstance() throws Exception {
        Device one = open();
        Device other = open();
        for (Case each : supported()) {
            OperationSupport support = Objects.requireNonNull(tested().support(each.operation()));
            if (support.determinism().isAtLeast(Determinism.BITWISE_SAME_BUILD)) {
                assertThat(computed(one, each)).as("%s", each).isEqualTo(computed(other, each));
            }
        }
    }

    private static List<ByteBuffer> computed(Device device, Case each) throws Exception {
        List<DeviceBuffer> buffers = Contents.allocate(device, each);
        run(device, Kernel.of(each.operation(), buffers, each.scalars()));
        List<ByteBuffer> contents = new ArrayList<>();
        for (DeviceBuffer buffer : buffers) {
            contents.add(Contents.read(buffer));
        }
        free(buffers);
        return contents;
    }

    private static void free(List<DeviceBuffer> buffers) throws DeviceFault, InterruptedException {
        for (DeviceBuffer buffer : buffers) {
            buffer.free();
        }
    }

    @Test
    protected void refusesWhatItDoesNotHave() throws Exception {
        Operation unknown = unknown(true);
        Scalars scalars = Case.all().get(Case.all().size() - 1).scalars();
        Device device = open();
        DeviceBuffer out = device.allocate("out", 4096);
        CommandQueue queue = device.createQueue("queue");
        Timeline done = new Timeline("done");
        Kernel kernel = Kernel.of(unknown, List.of(out), scalars);

        if (tested().support(unknown) == null) {
            assertThatThrownBy(() -> queue.submit(kernel, new TimelinePoint(done, 1)))
                    .isInstanceOfSatisfying(
                            DeviceFault.class,
                            fault -> assertThat(fault.code()).isEqualTo(DeviceFault.Code.UNSUPPORTED));
        } else {
            queue.submit(kernel, new TimelinePoint(done, 1));
            done.await(1);
        }
    }

    private static Operation unknown(boolean isRestartable) {
        return new Operation(
                "no.such.operation",
                1,
                List.of(new Operand("out", ElementType.I8, Access.WRITE)),
                List.of(),
                Determinism.BITWISE_ANY_KIND,
                isRestartable,
                StandardOperations.PHILOX_4X32.contract(),
                Map.of());
    }

    @Test
    protected void sortsInPasses() throws Exception {
        assumeThat(tested().support(StandardOperations.MERGE_PASS_I32))
                .as("LEFT OUT: %s does not have %s", tested().name(), StandardOperations.MERGE_PASS_I32)
                .isNotNull();
        int n = 10_007;
        int[] values = new Random(Contents.SEED).ints(n, -500, 500).toArray();
        Device device = open();
        DeviceBuffer one = device.allocate("one", 4L * n);
        DeviceBuffer other = device.allocate("other", 4L * n);
        Contents.write(one, values);
        List<Command> passes = new ArrayList<>();
        DeviceBuffer in = one;
        DeviceBuffer out = other;
        for (long width = 1; width < n; width *= 2) {
            passes.add(Kernel.of(
                    StandardOperations.MERGE_PASS_I32,
                    List.of(in, out),
                    Scalars.of("n", (long) n).and("width", width)));
            DeviceBuffer last = in;
            in = out;
            out = last;
        }
        run(device, passes.toArray(new Command[0]));

        Arrays.sort(values);
        ByteBuffer sorted = Contents.read(in).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(IntStream.range(0, n).map(i -> sorted.getInt(4 * i)).toArray())
                .isEqualTo(values);
    }

    // ---- order

    @Test
    protected void queuesWaitForTimelines() throws Exception {
        Device device = open();
        DeviceBuffer buffer = device.allocate("buffer", 1000);
        DeviceBuffer copy = device.allocate("copy", 1000);
        Timeline go = new Timeline("go");
        Timeline filled = new Timeline("filled");
        Timeline copied = new Timeline("copied");
        device.createQueue("second")
                .submit(
                        List.of(new TimelinePoint(filled, 1)),
                        List.of(new Command.Copy(buffer, 0, copy, 0, 1000)),
                        List.of(new TimelinePoint(copied, 1)));
        device.createQueue("first")
                .submit(
                        List.of(new TimelinePoint(go, 5)),
                        List.of(new Command.Fill(buffer, 0, 1000, (byte) 9)),
                        List.of(new TimelinePoint(filled, 1)));
        assertThat(copied.value()).isZero();
        go.signal(5);
        copied.await(1);

        byte[] expected = new byte[1000];
        Arrays.fill(expected, (byte) 9);
        assertThat(Contents.read(copy)).isEqualTo(ByteBuffer.wrap(expected));
    }

    /** Whoever waits for what never comes is told why, through any number of queues and devices; the device itself works on. */
    @Test
    protected void whoWaitsForWhatFailsFailsWithItsReason() throws Exception {
        Device failing = open(reference());
        Device device = open();
        DeviceBuffer buffer = device.allocate("buffer", 1000);
        Timeline never = new Timeline("never");
        Timeline first = new Timeline("first");
        Timeline second = new Timeline("second");
        Timeline third = new Timeline("third");
        fill(device.createQueue("waiting"), buffer, first, second);
        fill(device.createQueue("waiting for that"), buffer, second, third);
        fill(failing.createQueue("failing"), failing.allocate("buffer", 1000), never, first);
        failing.close();

        for (Timeline each : List.of(first, second, third)) {
            assertThatThrownBy(() -> each.await(1))
                    .isInstanceOfSatisfying(
                            DeviceFault.class, fault -> assertThat(fault.code()).isEqualTo(DeviceFault.Code.LOST))
                    .hasMessageContaining(reference().name() + " was closed");
        }
        assertThat(Contents.read(buffer)).isEqualTo(ByteBuffer.allocate(1000));
        assertComputes(device);
    }

    /** A kernel that fails fails those of another queue that wait for it, and no others. */
    @Test
    protected void aQueueThatWaitsForAKernelThatFailsFailsToo() throws Exception {
        Operation wrong = failing();
        assumeThat(tested().support(wrong))
                .as("LEFT OUT: %s takes no operation that fails", tested().name())
                .isNotNull();
        Device device = open();
        DeviceBuffer buffer = device.allocate("buffer", 1000);
        Timeline failed = new Timeline("failed");
        Timeline waiting = new Timeline("waiting");
        fill(device.createQueue("waiting"), buffer, failed, waiting);
        device.createQueue("failing")
                .submit(
                        Kernel.of(wrong, List.of(device.allocate("never written", 4)), Scalars.of("n", 1L)),
                        new TimelinePoint(failed, 1));

        DeviceFault reason = faultOf(failed);
        assertThat(faultOf(waiting).code()).isEqualTo(reason.code());
        assertThat(Contents.read(buffer)).isEqualTo(ByteBuffer.allocate(1000));
        assertComputes(device);
    }

    private static void fill(CommandQueue queue, DeviceBuffer buffer, Timeline awaited, Timeline signalled)
            throws DeviceFault {
        queue.submit(
                List.of(new TimelinePoint(awaited, 1)),
                List.of(new Command.Fill(buffer, 0, buffer.bytes(), (byte) 9)),
                List.of(new TimelinePoint(signalled, 1)));
    }

    private static DeviceFault faultOf(Timeline timeline) {
        Throwable fault = catchThrowable(() -> timeline.await(1));
        assertThat(fault).isInstanceOf(DeviceFault.class);
        return (DeviceFault) fault;
    }

    /** In every form: its reference throws, and its variants are no kernels. */
    private Operation failing() {
        Operation operation = new Operation(
                "failing",
                1,
                Endless.INSTANCE.operation().operands(),
                Endless.INSTANCE.operation().scalars(),
                Determinism.BITWISE_ANY_KIND,
                true,
                Failing.INSTANCE,
                Map.of());
        for (KernelFormat format : tested().formats()) {
            operation = format == KernelFormat.JAVA ? operation : operation.with(format, "this is no kernel");
        }
        return operation;
    }

    /** Of the backend itself, which the framework closes once, as a rule. */
    @Test
    protected void closingTwiceIsClosingOnce() throws Exception {
        Backend closed = openDriven();
        Backend other = openDriven();
        DeviceMemory memory = closed.allocate(1000);
        DeviceMemory kept = other.allocate(1000);
        kept.write(0, ByteBuffer.wrap(new byte[] {7}));
        memory.close();
        memory.close();
        closed.close();
        closed.close();

        ByteBuffer content = ByteBuffer.allocate(1);
        kept.read(0, content);
        assertThat(content.get(0)).isEqualTo((byte) 7);
        other.allocate(1000).close();
    }

    @Test
    protected void closingFailsWhatIsPending() throws Exception {
        Device device = open();
        DeviceBuffer buffer = device.allocate("buffer", 1000);
        Timeline never = new Timeline("never");
        Timeline done = new Timeline("done");
        device.createQueue("queue")
                .submit(
                        List.of(new TimelinePoint(never, 1)),
                        List.of(new Command.Fill(buffer, 0, 1000, (byte) 9)),
                        List.of(new TimelinePoint(done, 1)));
        device.close();
        device.close();

        assertThatThrownBy(() -> done.await(1)).isInstanceOf(DeviceFault.class).hasMessageContaining("closed");
        assertThatThrownBy(() -> buffer.read(0, ByteBuffer.allocate(1))).isInstanceOf(IllegalStateException.class);
    }

    // ---- faults

    /** A provider that is run in a process of its own, which ends in the middle of its work. */
    @Test
    protected void losesNothingWithItsDeviceHost() throws Exception {
        assumeThat(provider().isolation())
                .as("LEFT OUT: %s runs in the program, and has no device host to lose", tested().name())
                .isEqualTo(Isolation.DEVICE_HOST);
        int inMidWork = 0;
        for (int attempt = 0; attempt < MOST_ATTEMPTS && inMidWork < HOSTS; attempt++) {
            for (Chain chain : chains()) {
                Device device = open();
                Timeline done = chain.submit(device);
                endHosts();
                inMidWork += done.value() == 0 ? 1 : 0;
                done.await(1);
                chain.assertResult();
                device.close();
            }
        }
        assertThat(inMidWork).as("hosts that ended in the middle of their work").isPositive();
    }

    private static void endHosts() {
        List<ProcessHandle> hosts = ProcessHandle.current().children().toList();
        hosts.forEach(ProcessHandle::destroyForcibly);
        hosts.forEach(host -> host.onExit().join());
    }

    /** Also if nobody waits for it. */
    @Test
    protected void endsWhatDoesNotComeBack() throws Exception {
        Operation endless = Endless.INSTANCE.operation();
        assumeThat(provider().isolation())
                .as("LEFT OUT: %s runs in the program, where nothing can end it", tested().name())
                .isEqualTo(Isolation.DEVICE_HOST);
        assumeThat(tested().support(endless))
                .as("LEFT OUT: %s takes no operation that does not end", tested().name())
                .isNotNull();
        Device device = open();
        device.setWatchdog(HANGING);
        DeviceBuffer out = device.allocate("never written", 4);
        CommandQueue queue = device.createQueue("hanging");
        Timeline done = new Timeline("done");
        queue.submit(Kernel.of(endless, List.of(out), Scalars.of("n", 1L)), new TimelinePoint(done, 1));

        await().atMost(Duration.ofMinutes(2)).until(() -> isOver(queue, out));
        assertThat(device.health().status()).isEqualTo(Health.Status.DEGRADED);
        DeviceFault fault = faultOf(done);
        assertThat(fault.code()).isEqualTo(DeviceFault.Code.HANG);
        assertThat(fault.scope()).isEqualTo(DeviceFault.Scope.COMMAND);
        device.setWatchdog(DEADLINE);
        assertComputes(device);
    }

    /** Whether a queue takes nothing more, because a command of it failed. */
    private static boolean isOver(CommandQueue queue, DeviceBuffer buffer) {
        try {
            queue.submit(List.of(), List.of(new Command.Fill(buffer, 0, 1, (byte) 1)), List.of());
            return false;
        } catch (DeviceFault failed) {
            return true;
        }
    }

    @Test
    protected void saysThatItCannotBuildWhatIsNoKernel() throws Exception {
        assumeThat(tested().formats())
                .as("LEFT OUT: %s builds no kernels, or takes every operation by its reference", tested().name())
                .isNotEmpty()
                .doesNotContain(KernelFormat.JAVA);
        for (KernelFormat format : tested().formats()) {
            Device device = open();

            DeviceFault fault = faultOf(device, Endless.INSTANCE.operation(format, "this is no kernel"));
            assertThat(fault.code()).as("%s", fault).isEqualTo(DeviceFault.Code.COMPILE);
            assertComputes(device);
        }
    }

    private static DeviceFault faultOf(Device device, Operation operation) throws Exception {
        DeviceBuffer kept = device.allocate("kept", 4);
        kept.write(0, ByteBuffer.wrap(new byte[] {1, 2, 3, 4}));
        DeviceBuffer out = device.allocate("never written", 4);
        Throwable fault = catchThrowable(() -> run(device, Kernel.of(operation, List.of(out), Scalars.of("n", 1L))));
        assertThat(fault).isInstanceOf(DeviceFault.class);
        assertThat(Contents.read(kept)).isEqualTo(ByteBuffer.wrap(new byte[] {1, 2, 3, 4}));
        return (DeviceFault) fault;
    }

    private void assertComputes(Device device) throws Exception {
        Chain chain = chains().get(0);
        chain.submit(device).await(1);
        chain.assertResult();
    }

    // ---- capture and restore

    @Test
    protected void capturesWhileCommandsRun() throws Exception {
        boolean hadCommands = false;
        for (int attempt = 0; attempt < MOST_ATTEMPTS && !hadCommands; attempt++) {
            for (Chain chain : chains()) {
                Device device = open();
                Timeline done = chain.submit(device);
                for (int i = 0; i < 5; i++) {
                    DeviceState state = device.capture(DEADLINE);
                    hadCommands |= !state.commands().isEmpty();
                    assertThat(state.takenOn()).isEqualTo(tested());
                    assertThat(state.commands())
                            .allSatisfy(command -> assertThat(command.done()).isBetween(0L, command.items()));
                }
                done.await(1);
                chain.assertResult();
            }
        }
        assertThat(hadCommands).as("captured with commands left").isTrue();
    }

    /** What was saved is saved: of a device that did nothing, nothing is read again. */
    @Test
    protected void savesNothingAnewWhereNothingWasDone() throws Exception {
        ObservedProvider observer = observe(provider());
        Device device = open(Accelerators.of(List.of(observer)), tested());
        DeviceBuffer buffer = device.allocate("buffer", 3 * Chunk.BYTES + 7);
        buffer.write(5, ByteBuffer.wrap(new byte[] {1, 2, 3}));
        ObservedBackend backend = observer.last();
        device.capture(DEADLINE);
        assertThat(backend.calls()).filteredOn(Call.READ::equals).hasSize(4);

        device.capture(DEADLINE);
        assertThat(backend.calls()).containsExactly(Call.STOP);

        buffer.write(2 * Chunk.BYTES - 1, ByteBuffer.wrap(new byte[] {1, 2}));
        device.capture(DEADLINE);
        assertThat(backend.calls()).filteredOn(Call.READ::equals).hasSize(2);
    }

    /** What can be copied while the device works is not copied while it stands still. */
    @Test
    protected void copiesWhileCommandsRun() throws Exception {
        boolean copied = false;
        for (int attempt = 0; attempt < MOST_ATTEMPTS && !copied; attempt++) {
            copied = copiesWhileItWorks();
        }
        assertThat(copied)
                .as("all was copied before a working device was stopped")
                .isTrue();
    }

    /** False if the work was done before, or a step of it took longer than a copy waits for one, which is chance. */
    private boolean copiesWhileItWorks() throws Exception {
        ObservedProvider observer = observe(provider());
        try (Device device = Accelerators.of(List.of(observer)).open(tested())) {
            DeviceBuffer buffer = device.allocate("buffer", 2 * Chunk.BYTES + 7);
            buffer.write(5, ByteBuffer.wrap(new byte[] {1, 2, 3}));
            Command work = new Command.Fill(device.allocateTransient("scratch", 1), 0, 1, (byte) 1);
            Timeline done = new Timeline("done");
            device.createQueue("work")
                    .submit(List.of(), Collections.nCopies(FILLS, work), List.of(new TimelinePoint(done, 1)));
            ObservedBackend backend = observer.last();
            backend.calls();
            device.capture(DEADLINE);
            boolean worked = done.value() == 0;
            List<Call> calls =
                    backend.calls().stream().filter(call -> call != Call.WRITE).toList();
            return worked && calls.equals(List.of(Call.READ, Call.READ, Call.READ, Call.STOP));
        }
    }

    @Test
    protected void takesCommandsWhileItIsCaptured() throws Exception {
        Device device = open();
        DeviceBuffer buffer = device.allocate("buffer", 1000);
        CommandQueue queue = device.createQueue("queue");
        Timeline done = new Timeline("done");
        FutureTask<Boolean> submitter = new FutureTask<>(() -> {
            for (int i = 1; i <= SUBMISSIONS; i++) {
                queue.submit(new Command.Fill(buffer, 0, 1000, (byte) i), new TimelinePoint(done, i));
            }
            return true;
        });
        Thread thread = new Thread(submitter, "submitter");
        thread.start();
        do {
            device.capture(DEADLINE);
        } while (!submitter.isDone());
        assertThat(submitter.get()).isTrue();
        done.await(SUBMISSIONS);
        byte[] expected = new byte[1000];
        Arrays.fill(expected, (byte) SUBMISSIONS);
        assertThat(Contents.read(buffer)).isEqualTo(ByteBuffer.wrap(expected));
    }

    /** Stopped in the middle of a kernel, as by a checkpoint, for a resume that must not go well. */
    private final class Stopped implements AutoCloseable {
        private final Accelerators all;
        private final ObservedProvider source;
        private final ObservedProvider target;
        private final Device device;
        private final Chain chain;
        private final Timeline done;

        Stopped(Accelerators all, ObservedProvider source, ObservedProvider target, Chain chain) throws Exception {
            this.all = all;
            this.source = source;
            this.target = target;
            this.chain = chain;
            source.hold(1);
            this.device = open(all, all.named(source.name()).get(0));
            this.done = chain.submit(device);
            assertHeld(source, chain);
            Resumption.freeze(DEADLINE);
            source.last().calls();
        }

        /** Nobody has opened a device for it, allocated or written anything, and what it was on has it still. */
        void assertRefused(String... words) throws Exception {
            assertThatThrownBy(() -> Resumption.rebind(List.of(device), all, Map.of(source.name(), target.name())))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining(device.descriptor().name())
                    .hasMessageContainingAll(words);
            assertThat(target.opened()).hasSize(target == source ? 1 : 0);
            assertThat(source.opened()).hasSize(1);
            assertThat(source.last().calls()).isEmpty();
            source.release();
            Resumption.thaw();
            done.await(1);
            chain.assertResult();
        }

        @Override
        public void close() {
            Resumption.thaw();
        }
    }

    @Test
    protected void refusesAStateOfANewerFormatAndIsUntouchedByIt() throws Exception {
        ObservedProvider observer = observe(provider());
        try (Stopped stopped = new Stopped(Accelerators.of(List.of(observer)), observer, observer, chains().get(0))) {
            Resumption.setFormat(stopped.device, DeviceState.FORMAT + 1);
            stopped.assertRefused("the state has format " + (DeviceState.FORMAT + 1));
        }
    }

    @Test
    protected void refusesContentWithAFlippedBitAndIsUntouchedByIt() throws Exception {
        ObservedProvider observer = observe(provider());
        try (Stopped stopped = new Stopped(Accelerators.of(List.of(observer)), observer, observer, chains().get(0))) {
            byte[] saved = observer.last().readInto().get(0);
            saved[saved.length / 3] ^= 4;
            stopped.assertRefused("the content of buffer", "is damaged");
        }
    }

    /** A checksum finds it, in a program that moves the device without an image too. */
    @Test
    protected void tellsAFlippedBitByItsCode() throws Exception {
        ObservedProvider observer = observe(provider());
        Accelerators all = Accelerators.of(List.of(observer));
        Device device = open(all, tested());
        device.allocate("flipped", 100).write(0, ByteBuffer.wrap(new byte[] {1, 2, 3}));
        device.capture(DEADLINE);
        observer.last().readInto().get(0)[1] ^= 4;

        assertThatThrownBy(() -> device.moveTo(all, tested(), DEADLINE))
                .isInstanceOfSatisfying(
                        DeviceFault.class,
                        fault -> assertThat(fault.code()).isEqualTo(DeviceFault.Code.SILENT_CORRUPTION))
                .hasMessageContaining("flipped");
        assertThat(observer.opened()).hasSize(1);
    }

    /** Of an operation that it has in another version, and of one that it has not at all. */
    @Test
    protected void refusesAStateOfForeignOperationsAndIsUntouchedByIt() throws Exception {
        for (Operation foreign : List.of(renamed("no.such.operation", 1), renamed("gemm.f32", 99))) {
            assumeThat(tested().support(foreign))
                    .as("LEFT OUT: %s takes every operation by its reference", tested().name())
                    .isNull();
            ObservedProvider source = observe(new ReferenceProvider());
            ObservedProvider target = observe(provider());
            try (Stopped stopped =
                    new Stopped(Accelerators.of(List.of(source, target)), source, target, chain(foreign, GRAINS))) {
                stopped.assertRefused(tested().name() + " does not have " + foreign);
            }
        }
    }

    private static Operation renamed(String name, int version) {
        Operation gemm = StandardOperations.GEMM_F32;
        return new Operation(
                name,
                version,
                gemm.operands(),
                gemm.scalars(),
                gemm.determinism(),
                gemm.restartable(),
                gemm.contract(),
                Map.of());
    }

    /** A plan knows it beforehand: a state of another format, or of what the device does not have or has no room for. */
    @Test
    protected void plansNothingForStatesThatAreNotForIt() throws Exception {
        DeviceState state = open().capture(DEADLINE);
        Operation foreign = unknown(false);
        CommandState pending = new CommandState("queue", foreign, 10, 1);
        BufferState large = new BufferState("large", Long.MAX_VALUE, true, List.of());

        assertThat(RestorePlan.of(state, tested()).isPossible()).isTrue();
        for (DeviceState wrong : List.of(
                new DeviceState(DeviceState.FORMAT + 1, tested(), List.of(), List.of(), List.of(), null),
                new DeviceState(DeviceState.FORMAT, tested(), List.of(large), List.of(), List.of(), null))) {
            assertThat(RestorePlan.of(wrong, tested()).mode()).isEqualTo(RestorePlan.Mode.IMPOSSIBLE);
        }
        if (tested().support(foreign) == null) {
            DeviceState wrong = new DeviceState(
                    DeviceState.FORMAT, reference(), List.of(), List.of(pending), List.of(foreign), null);
            assertThat(RestorePlan.of(wrong, tested()).reasons())
                    .containsExactly(tested().name() + " does not have " + foreign);
        }
    }

    @Test
    protected void movesInMidWorkToAnotherInstance() throws Exception {
        ObservedProvider observer = observe(provider());
        movesInKernel(Accelerators.of(List.of(observer)), List.of(observer, observer));
    }

    @Test
    protected void movesInMidWorkToAnotherKindAndBack() throws Exception {
        ObservedProvider observer = observe(provider());
        ObservedProvider other = observe(new ReferenceProvider());
        movesInKernel(Accelerators.of(List.of(observer, other)), List.of(observer, other, observer, other, observer));
    }

    /** Each move begins while a step in the middle of a kernel waits for it, and what the target does first is the rest of that kernel. */
    private void movesInKernel(Accelerators all, List<ObservedProvider> path) throws Exception {
        for (Chain chain : chains()) {
            long grain = grain(chain.unit().operation());
            path.forEach(observer -> observer.hold(grain));
            Device device = open(all, tested());
            Timeline done = chain.submit(device);
            for (int i = 1; i < path.size(); i++) {
                assertHeld(path.get(i - 1), chain);
                RestorePlan plan =
                        device.moveTo(all, all.named(path.get(i).name()).get(0), DEADLINE);
                assertThat(plan.isPossible()).isTrue();
            }
            assertThat(device.descriptor()).isEqualTo(tested());
            path.forEach(ObservedProvider::release);
            done.await(1);
            assertThat(path.stream()
                            .distinct()
                            .flatMap(observer -> observer.opened().stream())
                            .flatMap(backend -> backend.arrivals().stream()))
                    .as("whether %s went on in a kernel, on the devices that it was on", chain)
                    .hasSize(path.size())
                    .containsOnlyOnce(false);
            path.forEach(observer -> observer.opened().clear());
            chain.assertResult();
        }
    }

    private static void assertHeld(ObservedProvider observer, Chain chain) throws InterruptedException {
        assertThat(observer.last().awaitHeld(DEADLINE))
                .as("%s came to the middle of a kernel on %s", chain.unit(), observer.name())
                .isTrue();
    }

    private long grain(Operation operation) {
        return Objects.requireNonNull(tested().support(operation)).grain();
    }

    /** Whatever a device says of the circuit of an operation must be enough for another instance to go on in it. */
    @Test
    protected void goesOnFromRegistersInMidStep() throws Exception {
        List<Case> cases = Case.large().stream().filter(this::hasDesign).toList();
        assumeThat(cases)
                .as("LEFT OUT: %s says of no operation by what design it is computed", tested().name())
                .isNotEmpty();
        for (Case each : cases) {
            boolean stopped = false;
            for (int attempt = 0; attempt < MOST_ATTEMPTS && !stopped; attempt++) {
                stopped = goesOnFromRegisters(each);
            }
            assertThat(stopped).as("%s stopped in a step", each).isTrue();
        }
    }

    private boolean hasDesign(Case each) {
        OperationSupport support = tested().support(each.operation());
        return support != null && support.design() != null;
    }

    /** Submits the work, and captures it until that falls into a step, or until all steps are done: then there is no command left. */
    private static DeviceState captureInStep(Device device, Case each, List<DeviceBuffer> buffers, Timeline done)
            throws Exception {
        device.createQueue("steps")
                .submit(Kernel.of(each.operation(), buffers, each.scalars()), new TimelinePoint(done, 1));
        DeviceState state = device.capture(DEADLINE);
        while (!state.commands().isEmpty() && state.commands().get(0).registers() == null) {
            state = device.capture(DEADLINE);
        }
        return state;
    }

    /** False if no capture fell into a step before all were done, which is chance. */
    private boolean goesOnFromRegisters(Case each) throws Exception {
        Device device = open();
        List<DeviceBuffer> buffers = Contents.allocate(device, each);
        Timeline done = new Timeline("done");
        DeviceState state = captureInStep(device, each, buffers, done);
        boolean stopped = !state.commands().isEmpty();
        if (stopped) {
            RestorePlan plan = RestorePlan.of(byName(state), tested());
            assertThat(plan.mode()).isEqualTo(RestorePlan.Mode.NAMED);
            assertThat(plan.recomputed()).isZero();
            assertThat(RestorePlan.of(state, reference()).mode()).isEqualTo(RestorePlan.Mode.PORTABLE);
            for (int i = 0; i < 3; i++) {
                device.moveTo(accelerators, tested(), DEADLINE);
            }
        }
        done.await(1);
        assertResults(each, buffers);
        device.close();
        return stopped;
    }

    private static DeviceState byName(DeviceState state) {
        return new DeviceState(
                state.format(),
                state.takenOn(),
                state.buffers(),
                state.commands().stream()
                        .map(command -> new CommandState(
                                command.queue(),
                                command.operation(),
                                command.items(),
                                command.done(),
                                command.registers() == null
                                        ? null
                                        : command.registers().byName()))
                        .toList(),
                state.used(),
                state.nativeBuild());
    }

    // ---- native state

    /** A device that says of which build its native images are goes on from them in the middle of a step. */
    @Test
    protected void movesNativelyInMidStep() throws Exception {
        for (Case each : nativeCases()) {
            boolean stopped = false;
            for (int attempt = 0; attempt < MOST_ATTEMPTS && !stopped; attempt++) {
                stopped = movesNatively(each);
            }
            assertThat(stopped).as("%s stopped in a step", each).isTrue();
        }
    }

    /** Leaves the test out if the device gives no native images. */
    private List<Case> nativeCases() {
        assumeThat(tested().nativeImageBuild())
                .as("LEFT OUT: %s gives no native images", tested().name())
                .isNotNull();
        List<Case> cases = Case.large().stream()
                .filter(each -> tested().support(each.operation()) != null)
                .toList();
        assertThat(cases).as("operations to be stopped in a step").isNotEmpty();
        return cases;
    }

    /** False if no capture fell into a step before all were done, which is chance. */
    private boolean movesNatively(Case each) throws Exception {
        Device device = open();
        List<DeviceBuffer> buffers = Contents.allocate(device, each);
        Timeline done = new Timeline("done");
        DeviceState state = captureInStep(device, each, buffers, done);
        boolean stopped = !state.commands().isEmpty();
        if (stopped) {
            RestorePlan plan = RestorePlan.of(state, tested());
            assertThat(plan.mode()).as("%s", plan).isEqualTo(RestorePlan.Mode.NATIVE);
            assertThat(plan.recomputed()).isZero();
            RestorePlan elsewhere = RestorePlan.of(state, reference());
            assertThat(elsewhere.mode()).isEqualTo(RestorePlan.Mode.PORTABLE);
            assertThat(elsewhere.recomputed()).isPositive();
            assertThat(elsewhere.reasons()).singleElement().asString().contains("takes no native state");
            assertThat(RestorePlan.of(state, ofAnotherBuild()).mode()).isNotEqualTo(RestorePlan.Mode.NATIVE);
            device.moveTo(accelerators, tested(), DEADLINE);
            device.moveTo(accelerators, reference(), DEADLINE);
            device.moveTo(accelerators, tested(), DEADLINE);
        }
        done.await(1);
        assertResults(each, buffers);
        device.close();
        return stopped;
    }

    private DeviceDescriptor ofAnotherBuild() {
        DeviceDescriptor device = tested();
        Map<String, Attribute> attributes = new HashMap<>(device.attributes());
        attributes.put(NativeImage.ATTRIBUTE, Attribute.of("another build than " + device.nativeImageBuild()));
        return new DeviceDescriptor(
                device.provider(),
                device.id(),
                device.kind(),
                device.model(),
                "another build",
                device.memoryBytes(),
                attributes,
                device.operations(),
                device.formats());
    }

    /** A backend that begins the step again would never come to its end. */
    @Test
    protected void endsAStepThatIsStoppedNativelyAgainAndAgain() throws Exception {
        for (Case each : nativeCases()) {
            Step step = new Step(each, openForSteps());
            Registers stopped = step.goOn(null);
            int stops = 0;
            while (stopped != null && stops < MOST_STOPS) {
                stops++;
                assertThat(stopped.nativeImage()).as("native image of %s", each).satisfies(image -> {
                    assertThat(image.build()).isEqualTo(tested().nativeImageBuild());
                    assertThat(image.isIntact()).isTrue();
                });
                if (stops <= INSTANCES) {
                    step.moveTo(openForSteps());
                }
                stopped = step.goOn(stopped);
            }
            assertThat(stops).as("stops in a step of %s", each).isPositive();
            assertThat(stopped).as("%s after %d stops", each, stops).isNull();
            step.assertResults();
        }
    }

    @Test
    protected void refusesNativeStateThatIsDamagedOrForeignAndIsUntouchedByIt() throws Exception {
        for (Case each : nativeCases()) {
            Step step = new Step(each, openForSteps());
            Registers stopped = step.goOn(null);
            assertThat(stopped).as("%s stopped in a step", each).isNotNull();
            NativeImage image = Objects.requireNonNull(stopped.nativeImage());
            byte[] content = new byte[image.size()];
            image.content().get(content);
            byte[] flipped = content.clone();
            flipped[flipped.length / 3] ^= 4;
            for (NativeImage wrong : List.of(
                    NativeImage.restored(image.build(), flipped, image.digest()),
                    NativeImage.restored(image.build(), content, new byte[0]),
                    NativeImage.of("another build than " + image.build(), content),
                    NativeImage.of(image.build(), new byte[0]),
                    NativeImage.of(image.build(), Arrays.copyOf(content, content.length / 2)),
                    NativeImage.of(image.build(), Arrays.copyOf(content, content.length - 1)),
                    NativeImage.of(image.build(), Arrays.copyOf(content, content.length + 1)))) {
                Registers changed =
                        new Registers(stopped.design(), stopped.first(), stopped.end(), stopped.values(), wrong);
                assertThatThrownBy(() -> step.goOn(changed)).isInstanceOfSatisfying(DeviceFault.class, fault -> {
                    assertThat(fault.code()).as("%s", fault).isEqualTo(DeviceFault.Code.STATE_REJECTED);
                    assertThat(fault.scope()).isEqualTo(DeviceFault.Scope.COMMAND);
                });
            }
            Registers last = stopped;
            for (int stops = 0; last != null && stops < MOST_STOPS; stops++) {
                last = step.goOn(last);
            }
            assertThat(last).as("%s after what was refused", each).isNull();
            step.assertResults();
        }
    }

    /** As the framework does. */
    private Backend openDriven() throws DeviceFault {
        AcceleratorProvider provider = provider();
        AcceleratorProvider driven =
                provider.isolation() == Isolation.DEVICE_HOST ? new HostedProvider(provider) : provider;
        assertThat(driven.discover()).isNotEmpty();
        Backend backend = driven.open(tested().id());
        backends.add(backend);
        return backend;
    }

    private SuspendableBackend openForSteps() throws DeviceFault {
        Backend backend = openDriven();
        assertThat(backend).isInstanceOf(SuspendableBackend.class);
        return (SuspendableBackend) backend;
    }

    /** The first step of a kernel, as small as the device has them, which is stopped as soon as it can be. */
    private final class Step {
        private final Case unit;
        private final long end;
        private SuspendableBackend backend;
        private List<DeviceMemory> operands;

        Step(Case unit, SuspendableBackend backend) throws DeviceFault {
            this.unit = unit;
            this.end = Math.min(
                    Objects.requireNonNull(tested().support(unit.operation())).grain(),
                    unit.operation().contract().items(unit.scalars()));
            this.backend = backend;
            this.operands = memories(backend, unit.contents(Contents.SEED));
        }

        private static List<DeviceMemory> memories(Backend backend, List<ByteBuffer> contents) throws DeviceFault {
            List<DeviceMemory> memories = new ArrayList<>();
            for (ByteBuffer content : contents) {
                DeviceMemory memory = backend.allocate(content.remaining());
                memory.write(0, content);
                memories.add(memory);
            }
            return memories;
        }

        private List<ByteBuffer> contents() throws DeviceFault {
            List<ByteBuffer> contents = new ArrayList<>();
            for (DeviceMemory operand : operands) {
                ByteBuffer content = ByteBuffer.allocate((int) operand.size());
                operand.read(0, content);
                contents.add(content.flip());
            }
            return contents;
        }

        void moveTo(SuspendableBackend next) throws DeviceFault {
            operands = memories(next, contents());
            backend = next;
        }

        @Nullable Registers goOn(@Nullable Registers from) throws DeviceFault {
            backend.suspend(true);
            return backend.compute(unit.operation(), operands, unit.scalars(), 0, end, from, () -> true);
        }

        void assertResults() throws DeviceFault {
            assertThat(contents()).isEqualTo(unit.expected(Contents.SEED, end));
        }
    }

    /** Of an operation that is the same to the bit on devices of one kind alone. */
    @Test
    protected void keepsTheBitsOfOneKindOnAnotherInstance() throws Exception {
        Chain unmoved = ofOneKind();
        unmoved.submit(open()).await(1);
        boolean inMidWork = false;
        for (int attempt = 0; attempt < MOST_ATTEMPTS && !inMidWork; attempt++) {
            Chain chain = ofOneKind();
            Device device = open();
            Timeline done = chain.submit(device);
            RestorePlan plan = device.moveTo(accelerators, tested(), DEADLINE);
            inMidWork = done.value() == 0;
            done.await(1);

            assertThat(plan.kept()).isEqualTo(Determinism.BITWISE_SAME_KIND);
            assertThat(plan.lowered()).isNull();
            assertThat(chain.result()).isEqualTo(unmoved.result());
        }
        assertThat(inMidWork).as("moved with commands left").isTrue();
    }

    /** What promises no more than the bits of one kind goes to another kind with the program's consent alone. */
    @Test
    protected void asksBeforeTheBitsOfOneKindGoToAnother() throws Exception {
        Chain chain = ofOneKind();
        assumeThat(tested().kind())
                .as("LEFT OUT: %s is of the same kind as the reference", tested().name())
                .isNotEqualTo(reference().kind());
        Device device = open();
        Timeline done = chain.submit(device);

        assertThatThrownBy(() -> device.moveTo(accelerators, reference(), DEADLINE))
                .isInstanceOfSatisfying(
                        DeviceFault.class, fault -> assertThat(fault.code()).isEqualTo(DeviceFault.Code.STATE_REJECTED))
                .hasMessageContainingAll(chain.unit().operation().identity(), "TOLERANCE across both");
        device.accept(Determinism.TOLERANCE);
        assertThat(device.moveTo(accelerators, reference(), DEADLINE).lowered()).isEqualTo(Determinism.TOLERANCE);
        done.await(1);
    }

    private Chain ofOneKind() {
        Operation stencil = StandardOperations.STENCIL_2D_F32;
        Operation operation = new Operation(
                        "stencil of one kind",
                        1,
                        stencil.operands(),
                        stencil.scalars(),
                        Determinism.BITWISE_SAME_KIND,
                        true,
                        stencil.contract(),
                        Map.of())
                .with(KernelFormat.OPENCL_C, Objects.requireNonNull(StandardOperations.openClSource(stencil)));
        assumeThat(tested().support(operation))
                .as("LEFT OUT: %s takes no operation of a program in Java or OpenCL C", tested().name())
                .isNotNull();
        return new Chain(new Case(operation, Case.stencil(257, 263)), 40, 1);
    }

    @Test
    protected void transientBuffersAreZeroAfterAMove() throws Exception {
        Device device = open();
        DeviceBuffer kept = device.allocate("kept", 10);
        DeviceBuffer scratch = device.allocateTransient("scratch", 10);
        byte[] ones = new byte[10];
        Arrays.fill(ones, (byte) 1);
        kept.write(0, ByteBuffer.wrap(ones));
        scratch.write(0, ByteBuffer.wrap(ones));
        device.moveTo(accelerators, tested(), DEADLINE);

        assertThat(Contents.read(kept)).isEqualTo(ByteBuffer.wrap(ones));
        assertThat(Contents.read(scratch)).isEqualTo(ByteBuffer.allocate(10));
    }

    // ---- what is left behind

    /** A device that was closed holds no memory, thread, file or process, however often one is opened. */
    @Test
    protected void closedDevicesHoldNothing() throws Exception {
        long bytes = Math.min(LEAKED_BYTES, tested().memoryBytes() / 4);
        for (int i = 0; i < 3; i++) {
            useAndClose(bytes);
        }
        Holdings before = Holdings.now();
        for (int i = 0; i < ROUNDS; i++) {
            useAndClose(bytes);
        }
        awaitNoMoreThan(before, bytes, "devices");
    }

    /** A buffer that was freed leaves its memory to others, on a device that stays open. */
    @Test
    protected void freedBuffersHoldNothing() throws Exception {
        Device device = open();
        long bytes = Math.min(LEAKED_BYTES, tested().memoryBytes() / 4);
        CommandQueue queue = device.createQueue("fills");
        for (int i = 0; i < 3; i++) {
            fill(queue, device.allocate("freed", bytes)).free();
        }
        Holdings before = Holdings.now();
        for (int i = 0; i < ROUNDS; i++) {
            fill(queue, device.allocate("freed", bytes)).free();
        }
        awaitNoMoreThan(before, bytes, "buffers");
    }

    /** Leaks of every second round would come to more. */
    private static void awaitNoMoreThan(Holdings before, long bytes, String what) {
        await().atMost(DEADLINE).untilAsserted(() -> {
            Holdings after = Holdings.now();
            assertThat(after.isWithin(before, SLACK, SLACK * bytes))
                    .as("%d %s later: %s, before: %s", ROUNDS, what, after, before)
                    .isTrue();
        });
    }

    private void useAndClose(long bytes) throws Exception {
        try (Device device = accelerators.open(tested())) {
            fill(device.createQueue("fills"), device.allocate("not freed", bytes));
            device.capture(DEADLINE);
        }
    }

    private static DeviceBuffer fill(CommandQueue queue, DeviceBuffer buffer) throws DeviceFault, InterruptedException {
        Timeline filled = new Timeline("filled");
        queue.submit(
                List.of(),
                List.of(new Command.Fill(buffer, 0, buffer.bytes(), (byte) 1)),
                List.of(new TimelinePoint(filled, 1)));
        filled.await(1);
        return buffer;
    }

    // ---- the JVM around it

    @Test
    @SuppressWarnings({"ConstantOverflow", "divzero", "NullAway"})
    protected void theJvmStillThrowsWhatItMust() throws Exception {
        computesWhatTheContractsSay();
        int[] numbers = {0};

        for (int i = 0; i < 20_000; i++) {
            assertThat(thrownBy(() -> numbers[0] = 1 / numbers[0])).isInstanceOf(ArithmeticException.class);
        }
        int[][] nothing = {null};
        assertThat(thrownBy(() -> nothing[0][0]++)).isInstanceOf(NullPointerException.class);
        assertThat(thrownBy(BackendConformance::recurse)).isInstanceOf(StackOverflowError.class);
    }

    @SuppressWarnings("InfiniteRecursion")
    private static int recurse() {
        return recurse() + 1;
    }

    private static Throwable thrownBy(Runnable action) {
        try {
            action.run();
        } catch (Throwable thrown) {
            return thrown;
        }
        throw new AssertionError("nothing was thrown");
    }

    // ---- what the tests are made of

    private List<Case> supported() {
        return Case.all().stream()
                .filter(each -> tested().support(each.operation()) != null)
                .toList();
    }

    /** Kernels that depend on each other and take long enough for something to happen meanwhile. */
    private List<Chain> chains() {
        List<Chain> chains = Stream.of(
                        StandardOperations.STENCIL_2D_F32, StandardOperations.GEMM_F32, StandardOperations.GEMM_I8)
                .filter(this::isBitwise)
                .map(operation -> chain(operation, GRAINS * grain(operation)))
                .toList();
        assertThat(chains).as("operations to be stopped in").isNotEmpty();
        return chains;
    }

    /** @param least items, so that there is a safe point within a kernel */
    private static Chain chain(Operation operation, long least) {
        return operation.equals(StandardOperations.STENCIL_2D_F32)
                ? new Chain(new Case(operation, Case.stencil(Math.max(257, least), 263)), 40, 1)
                : new Chain(new Case(operation, Case.gemm(Math.max(96, least), 96, 96)), 12, 2);
    }

    private boolean isBitwise(Operation operation) {
        OperationSupport support = tested().support(operation);
        return support != null && support.determinism() == Determinism.BITWISE_ANY_KIND;
    }

    private void assertResults(Case each, List<DeviceBuffer> buffers) throws DeviceFault, InterruptedException {
        OperationSupport support = Objects.requireNonNull(tested().support(each.operation()));
        List<ByteBuffer> expected = each.expected(Contents.SEED);
        for (int i = 0; i < buffers.size(); i++) {
            Operand operand = each.operation().operands().get(i);
            String place = each + ", operand " + i;
            if (!operand.access().writes()
                    || operand.type() != ElementType.F32
                    || support.determinism() == Determinism.BITWISE_ANY_KIND) {
                assertThat(Contents.read(buffers.get(i))).as(place).isEqualTo(expected.get(i));
            } else if (support.determinism() != Determinism.NONE) {
                Tolerance tolerance = support.tolerance();
                assertThat(tolerance)
                        .as("how far %s may be from its contract, as it is %s", each, support.determinism())
                        .isNotNull();
                assertWithin(tolerance, place, Contents.read(buffers.get(i)), expected.get(i));
            }
        }
    }

    /** Whatever is promised less than the same bits everywhere, the meaning is the same, as near as the device declares. */
    private static void assertWithin(Tolerance tolerance, String place, ByteBuffer actual, ByteBuffer expected) {
        FloatBuffer found = actual.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
        FloatBuffer wanted = expected.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
        assertThat(found.remaining()).as(place).isEqualTo(wanted.remaining());
        for (int i = 0; i < wanted.remaining(); i++) {
            assertThat(tolerance.accepts(found.get(i), wanted.get(i)))
                    .as("%s, element %d: %s is within %s of %s", place, i, found.get(i), tolerance, wanted.get(i))
                    .isTrue();
        }
    }

    private static void run(Device device, Command... commands) throws DeviceFault, InterruptedException {
        Timeline done = new Timeline("done");
        device.createQueue("run " + RUNS.incrementAndGet())
                .submit(List.of(), List.of(commands), List.of(new TimelinePoint(done, 1)));
        done.await(1);
    }
}
