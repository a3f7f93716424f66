package dev.ingot.accelerator.cpu;

import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.device.Accelerators;
import dev.ingot.accelerator.device.Command;
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
import dev.ingot.accelerator.operation.Operand;
import dev.ingot.accelerator.operation.Operation;
import dev.ingot.accelerator.operation.Scalar;
import dev.ingot.accelerator.operation.Scalars;
import dev.ingot.accelerator.tck.ProcessorTime;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** What device hosts, safe points and captures take, on the processor as a device. */
final class HostMeasurement {
    private static final int BATCHES = 400;
    private static final int BATCH = 100;
    private static final int ROUNDS = 15;
    private static final long ITEMS = 4000;
    private static final int CRASHES = 10;
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    private HostMeasurement() {}

    public static void main(String[] arguments) throws DeviceFault, InterruptedException {
        System.out.println("JDK " + System.getProperty("java.version"));
        commands(1 << 12);
        commands(1 << 26);
        safePoints();
        captures();
        crashes();
    }

    private static Device open(boolean isHosted) throws DeviceFault {
        Accelerators accelerators = Accelerators.of(List.of(isHosted ? new HostedCpuProvider() : new CpuProvider()));
        return accelerators.open(accelerators.devices().get(0));
    }

    // ---- commands

    private static void commands(long bytes) throws DeviceFault, InterruptedException {
        double[] hosted = commands(bytes, true);
        double[] here = commands(bytes, false);
        System.out.printf(
                "a command on buffers of %d bytes: %.1f us by a device host (shortest), %.1f (median); %.1f and %.1f in the"
                        + " program; bar 10%n",
                bytes, hosted[0], hosted[1], here[0], here[1]);
    }

    /** The shortest and the median time in microseconds, of batches that have been submitted together. */
    private static double[] commands(long bytes, boolean isHosted) throws DeviceFault, InterruptedException {
        try (Device device = open(isHosted)) {
            Kernel kernel = Kernel.of(
                    grinding(true),
                    List.of(device.allocate("in", bytes), device.allocate("out", bytes)),
                    Scalars.of("n", 1L).and("rounds", 1L));
            List<Command> batch = Collections.nCopies(BATCH, kernel);
            CommandQueue queue = device.createQueue("queue");
            Timeline done = new Timeline("done");
            double[] times = new double[BATCHES];
            for (int i = 0; i < 2 * BATCHES; i++) {
                long start = System.nanoTime();
                queue.submit(List.of(), batch, List.of(new TimelinePoint(done, i + 1)));
                done.await(i + 1);
                // The first half is for the compilers.
                times[i % BATCHES] = (System.nanoTime() - start) / 1e3 / BATCH;
            }
            Arrays.sort(times);
            return new double[] {times[0], times[BATCHES / 2]};
        }
    }

    // ---- safe points

    private static void safePoints() throws DeviceFault, InterruptedException {
        for (boolean isHosted : new boolean[] {false, true}) {
            try (Device device = open(isHosted)) {
                List<DeviceBuffer> buffers =
                        List.of(device.allocate("in", 8 * ITEMS), device.allocate("out", 8 * ITEMS));
                CommandQueue queue = device.createQueue("queue");
                Timeline done = new Timeline("done");
                Scalars scalars = Scalars.of("n", ITEMS).and("rounds", 100_000L);
                long submitted = warmUp(queue, buffers, done);
                List<Double> ratios = new ArrayList<>();
                for (int round = 0; round < 1 + ROUNDS; round++) {
                    long[] took = new long[2];
                    for (int way = 0; way < 2; way++) {
                        long before = ProcessorTime.nanos();
                        Kernel kernel = Kernel.of(grinding(way == 0), buffers, scalars);
                        queue.submit(kernel, new TimelinePoint(done, submitted + 2L * round + way + 1));
                        done.await(submitted + 2L * round + way + 1);
                        took[way] = ProcessorTime.nanos() - before;
                    }
                    if (round > 0) {
                        ratios.add((double) took[0] / took[1]);
                    }
                }
                Collections.sort(ratios);
                System.out.printf(
                        "a kernel with safe points, %s: %.3f of the processor time of one in one piece (median of %s), bar 1.01%n",
                        isHosted ? "by a device host" : "in the program", ratios.get(ROUNDS / 2), ratios);
            }
        }
    }

    /** What compilers and a program's first steps take is no part of a step. Returns where the timeline stands. */
    private static long warmUp(CommandQueue queue, List<DeviceBuffer> buffers, Timeline done)
            throws DeviceFault, InterruptedException {
        Scalars scalars = Scalars.of("n", 2000L).and("rounds", 1L);
        for (int i = 1; i <= BATCHES; i++) {
            // The first step of a kernel is one item; each of these has some.
            List<Command> batch = new ArrayList<>();
            for (int more = 0; more < BATCH / 2; more++) {
                batch.add(Kernel.of(grinding(true), buffers, scalars));
                batch.add(Kernel.of(grinding(false), buffers, scalars));
            }
            queue.submit(List.of(), batch, List.of(new TimelinePoint(done, i)));
            done.await(i);
        }
        return BATCHES;
    }

    // ---- captures

    private static void captures() throws DeviceFault, InterruptedException {
        try (Device device = open(true)) {
            DeviceBuffer buffer = device.allocate("buffer", 1 << 28);
            buffer.write(0, ByteBuffer.wrap(new byte[] {1}));
            buffer.write(buffer.bytes() - 1, ByteBuffer.wrap(new byte[] {1}));
            long start = System.nanoTime();
            device.capture(DEADLINE);
            long first = System.nanoTime() - start;
            start = System.nanoTime();
            device.capture(DEADLINE);
            System.out.printf(
                    "captures of %d MiB: %.1f ms, without work since then %.3f ms%n",
                    buffer.bytes() >> 20, first / 1e6, (System.nanoTime() - start) / 1e6);
        }
    }

    // ---- crashes

    private static void crashes() throws DeviceFault, InterruptedException {
        try (Device device = open(true)) {
            List<DeviceBuffer> buffers = List.of(device.allocate("in", 8 * ITEMS), device.allocate("out", 8 * ITEMS));
            Scalars scalars = Scalars.of("n", ITEMS).and("rounds", 1000L);
            Kernel kernel = Kernel.of(grinding(true), buffers, scalars);
            CommandQueue queue = device.createQueue("queue");
            Timeline done = new Timeline("done");
            double[] times = new double[CRASHES];
            long submitted = 0;
            for (int i = 0; i < CRASHES; i++) {
                for (int more = 0; more < 2000; more++) {
                    queue.submit(kernel, new TimelinePoint(done, ++submitted));
                }
                done.await(submitted - 1990);
                ProcessHandle host = ProcessHandle.current()
                        .children()
                        .filter(ProcessHandle::isAlive)
                        .findFirst()
                        .orElseThrow();
                long start = System.nanoTime();
                host.destroyForcibly();
                host.onExit().join();
                // What was done before the end was noticed does not count.
                done.await(done.value() + 2);
                times[i] = (System.nanoTime() - start) / 1e6;
                done.await(submitted);
            }
            Arrays.sort(times);
            System.out.printf(
                    "from the end of a host to the next kernel that is done: %.0f ms (shortest), %.0f (median), %.0f (longest),"
                            + " bar 2000%n",
                    times[0], times[CRASHES / 2], times[CRASHES - 1]);
        }
    }

    // ---- what is computed

    private static Operation grinding(boolean isRestartable) {
        return new Operation(
                isRestartable ? "grinding" : "grinding in one piece",
                1,
                List.of(
                        new Operand("in", ElementType.I64, Access.READ),
                        new Operand("out", ElementType.I64, Access.WRITE)),
                List.of(new Scalar("n", ElementType.I64), new Scalar("rounds", ElementType.I64)),
                Determinism.BITWISE_ANY_KIND,
                isRestartable,
                new Grinding(),
                Map.of());
    }

    /** Something that takes as long as it is told. */
    static final class Grinding implements Contract {
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
            long rounds = scalars.integer("rounds");
            for (long i = from; i < to; i++) {
                long value = operands.get(0).getLong(8 * i) + i;
                for (long round = 0; round < rounds; round++) {
                    value = value * 6364136223846793005L + 1442695040888963407L;
                }
                operands.get(1).putLong(8 * i, value);
            }
        }
    }
}
