package dev.ingot.accelerator.device;

import dev.ingot.accelerator.backend.DeviceDescriptor;
import dev.ingot.accelerator.operation.Operation;
import dev.ingot.accelerator.operation.Scalars;
import dev.ingot.accelerator.share.Share;
import dev.ingot.accelerator.standard.StandardOperations;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * What it costs that two owners have a device in turns: how long two jobs take together, by the sum of what each takes alone. Each job is
 * matrix products, one after the other, of a process of its own, which stays for all rounds, so that starting and compiling count nowhere.
 */
final class SharingMeasurement {
    private static final String WORKER = "worker";
    private static final int WARM_UP = 4;
    private static final double JOB_SECONDS = 2;

    private SharingMeasurement() {}

    /**
     * Measures.
     *
     * @param arguments the provider, how often, the side of the matrices
     */
    public static void main(String[] arguments) throws Exception {
        if (arguments[0].equals(WORKER)) {
            work(arguments[1], arguments[2], Long.parseLong(arguments[3]));
            return;
        }
        String provider = arguments[0];
        int rounds = Integer.parseInt(arguments[1]);
        String side = arguments[2];
        try (Owner first = Owner.start("a", provider, side);
                Owner second = Owner.start("b", provider, side)) {
            seconds(WARM_UP, first);
            seconds(WARM_UP, second);
            int products = (int) Math.max(1, JOB_SECONDS * WARM_UP / seconds(WARM_UP, first));
            System.out.printf(Locale.ROOT, "%s, %d products of side %s each%n", provider, products, side);
            List<Double> ratios = new ArrayList<>();
            for (int round = 0; round < rounds; round++) {
                // What else the machine does changes; so the one is in the middle of the others.
                double alone = seconds(products, first);
                double together = seconds(products, first, second);
                double other = seconds(products, second);
                ratios.add(together / (alone + other));
                System.out.printf(
                        Locale.ROOT,
                        "alone %.2f s and %.2f s, together %.2f s: %.3f of the sum%n",
                        alone,
                        other,
                        together,
                        together / (alone + other));
            }
            Collections.sort(ratios);
            System.out.printf(
                    Locale.ROOT,
                    "two processes on one device, %s: %.3f of the sum in the median, %.3f to %.3f, bar 1.06%n",
                    provider,
                    ratios.get(rounds / 2),
                    ratios.get(0),
                    ratios.get(rounds - 1));
        }
    }

    /** How long it takes until all of them have done so many products. */
    private static double seconds(int products, Owner... owners) throws IOException {
        long start = System.nanoTime();
        for (Owner owner : owners) {
            owner.begin(products);
        }
        for (Owner owner : owners) {
            owner.awaitEnd();
        }
        return (System.nanoTime() - start) / 1e9;
    }

    /** The process of an owner, as this one sees it. */
    private record Owner(Process process, BufferedReader answers, PrintWriter requests) implements AutoCloseable {
        static Owner start(String owner, String provider, String side) throws IOException {
            Process process = new ProcessBuilder(
                            ProcessHandle.current().info().command().orElseThrow(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            SharingMeasurement.class.getName(),
                            WORKER,
                            owner,
                            provider,
                            side)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            Owner started = new Owner(
                    process,
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)),
                    new PrintWriter(process.getOutputStream(), true, StandardCharsets.UTF_8));
            started.awaitEnd();
            return started;
        }

        void begin(int products) {
            requests.println(products);
        }

        void awaitEnd() throws IOException {
            if (answers.readLine() == null) {
                throw new IOException("an owner has ended");
            }
        }

        @Override
        public void close() {
            requests.close();
            try {
                answers.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            process.destroy();
        }
    }

    /** Does as many products as each line of the input says. */
    private static void work(String owner, String provider, long side) throws Exception {
        Accelerators accelerators = Accelerators.find().sharing(new Share(owner, 1, Long.MAX_VALUE));
        List<DeviceDescriptor> devices = accelerators.named(provider);
        if (devices.isEmpty()) {
            throw new IllegalStateException("there is no device of " + provider + ": " + accelerators.diagnostics());
        }
        Operation operation = devices.get(0).support(StandardOperations.GEMM_F32) == null
                ? StandardOperations.GEMM_I8
                : StandardOperations.GEMM_F32;
        Scalars scalars = Scalars.of("m", side).and("n", side).and("k", side);
        BufferedReader requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try (Device device = accelerators.open(devices.get(0))) {
            List<DeviceBuffer> buffers = new ArrayList<>();
            for (int i = 0; i < operation.operands().size(); i++) {
                DeviceBuffer buffer = device.allocate("operand " + i, operation.bytes(i, scalars));
                // Small numbers, also where four bytes are a float.
                byte[] content = new byte[(int) buffer.bytes()];
                for (int at = 3; at < content.length; at += 4) {
                    content[at] = 0x3e;
                }
                buffer.write(0, ByteBuffer.wrap(content));
                buffers.add(buffer);
            }
            CommandQueue queue = device.createQueue("products");
            Timeline done = new Timeline("done");
            System.out.println("ready");
            for (String line = requests.readLine(); line != null; line = requests.readLine()) {
                List<Command> products =
                        Collections.nCopies(Integer.parseInt(line), Kernel.of(operation, buffers, scalars));
                long next = done.value() + 1;
                queue.submit(List.of(), products, List.of(new TimelinePoint(done, next)));
                done.await(next);
                System.out.println("done");
            }
        }
    }
}
