package dev.ingot.integration.accelerator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.accelerator.asic.AsicProvider;
import dev.ingot.accelerator.cpu.CpuProvider;
import dev.ingot.accelerator.device.Accelerators;
import dev.ingot.accelerator.fpga.FpgaProvider;
import dev.ingot.accelerator.onnx.OnnxProvider;
import dev.ingot.accelerator.opencl.OpenClProvider;
import dev.ingot.samples.devices.ToyProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Which providers have a device on this machine. */
final class Kinds {
    /** By a variable of the environment, which says that what a provider needs was installed. */
    private static final Map<String, String> REQUIRED = Map.of(
            "opencl", "INGOT_OPENCL_REQUIRED",
            "fpga", "INGOT_RTL_REQUIRED",
            "asic", "INGOT_RTL_REQUIRED");

    private static final Accelerators ALL = Accelerators.of(List.of(
            new CpuProvider(),
            new ToyProvider(),
            new OpenClProvider(),
            new OnnxProvider(),
            new FpgaProvider(),
            new AsicProvider()));

    private Kinds() {}

    /** Those of the names that are here, in their order. What was installed may not be missing; of what else is, the test says that it leaves it out. */
    static List<String> here(Class<?> test, String... names) {
        List<String> found = new ArrayList<>();
        for (String name : names) {
            if (!ALL.named(name).isEmpty()) {
                found.add(name);
            } else {
                assertThat(System.getenv(REQUIRED.getOrDefault(name, "")))
                        .as("%s may be missing; %s", name, ALL.diagnostics())
                        .isNull();
                System.out.println("LEFT OUT: " + test.getSimpleName() + " has no device of " + name + " here; "
                        + ALL.diagnostics());
            }
        }
        return found;
    }
}
