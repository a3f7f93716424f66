package dev.ingot.accelerator.device;

import dev.ingot.accelerator.backend.DeviceDescriptor;
import dev.ingot.accelerator.operation.Operation;
import dev.ingot.accelerator.operation.Scalars;
import dev.ingot.accelerator.standard.StandardOperations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What one more device host takes: the same device is opened again and again, each time by a host of its own, which computes a small
 * product. Memory is what the process has for itself, and with its part of what it has together with others.
 */
final class HostsMeasurement {
    private static final long SIDE = 64;

    private HostsMeasurement() {}

    /**
     * Measures.
     *
     * @param arguments the provider, how many hosts
     */
    public static void main(String[] arguments) throws Exception {
        Accelerators accelerators = Accelerators.find();
        DeviceDescriptor descriptor = accelerators.named(arguments[0]).get(0);
        List<Device> devices = new ArrayList<>();
        // The one that looked for devices would be taken for the first.
        devices.add(accelerators.open(descriptor));
        for (int i = 0; i < Integer.parseInt(arguments[1]); i++) {
            Set<ProcessHandle> before = children();
            long start = System.nanoTime();
            Device device = accelerators.open(descriptor);
            long opened = System.nanoTime();
            compute(device);
            long done = System.nanoTime();
            devices.add(device);
            long[] sizes = new long[3];
            for (ProcessHandle process : children()) {
                if (!before.contains(process)) {
                    add(process, sizes);
                    process.descendants().forEach(each -> add(each, sizes));
                }
            }
            System.out.printf(
                    Locale.ROOT,
                    "%s: opened in %.0f ms, first product after %.0f ms more; %.0f MB resident, %.0f MB by its part of what is shared, %.0f MB"
                            + " of its own%n",
                    descriptor.name(),
                    (opened - start) / 1e6,
                    (done - opened) / 1e6,
                    sizes[0] / 1e3,
                    sizes[1] / 1e3,
                    sizes[2] / 1e3);
        }
        devices.forEach(Device::close);
    }

    private static Set<ProcessHandle> children() {
        return ProcessHandle.current().children().collect(Collectors.toCollection(HashSet::new));
    }

    private static void add(ProcessHandle process, long[] sizes) {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/smaps_rollup"))) {
                int kind = List.of("Rss", "Pss", "Private_Dirty").indexOf(line.split(":", 2)[0]);
                if (kind >= 0) {
                    sizes[kind] += Long.parseLong(line.replaceAll("[^0-9]", ""));
                }
            }
        } catch (IOException ended) {
            throw new IllegalStateException("a device host has ended", ended);
        }
    }

    private static void compute(Device device) throws Exception {
        Operation operation = device.descriptor().support(StandardOperations.GEMM_F32) == null
                ? StandardOperations.GEMM_I8
                : StandardOperations.GEMM_F32;
        Scalars scalars = Scalars.of("m", SIDE).and("n", SIDE).and("k", SIDE);
        List<DeviceBuffer> buffers = new ArrayList<>();
        for (int i = 0; i < operation.operands().size(); i++) {
            buffers.add(device.allocate("operand " + i, operation.bytes(i, scalars)));
        }
        Timeline done = new Timeline("done");
        device.createQueue("product").submit(Kernel.of(operation, buffers, scalars), new TimelinePoint(done, 1));
        done.await(1);
    }
}
