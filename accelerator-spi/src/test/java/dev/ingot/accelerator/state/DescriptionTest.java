package dev.ingot.accelerator.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.accelerator.DeviceKind;
import dev.ingot.accelerator.backend.Attribute;
import dev.ingot.accelerator.backend.DeviceDescriptor;
import dev.ingot.accelerator.backend.NativeBackend;
import dev.ingot.accelerator.backend.NativeImage;
import dev.ingot.accelerator.backend.OperationSupport;
import dev.ingot.accelerator.backend.Registers;
import dev.ingot.accelerator.operation.Determinism;
import dev.ingot.accelerator.operation.KernelFormat;
import dev.ingot.accelerator.operation.Operation;
import dev.ingot.accelerator.operation.Tolerance;
import dev.ingot.accelerator.standard.StandardOperations;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a description says is enough to plan with. */
class DescriptionTest {
    private static final List<Operation> OPERATIONS = List.of(
            StandardOperations.GEMM_F32,
            StandardOperations.MERGE_PASS_I32,
            StandardOperations.GEMM_I8.with(KernelFormat.OPENCL_C, "text"));

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 300);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void thePlanIsTheSameFromTheDescriptions(long seed) {
        Random random = new Random(seed);
        DeviceState state = state(random);
        DeviceDescriptor target = device(random);

        DeviceState described = ImageDevices.parse(new ImageDevices(
                                Set.of("one", "other"), List.of(new ImageDevice("role", Determinism.TOLERANCE, state)))
                        .text())
                .devices()
                .get(0)
                .state();
        DeviceDescriptor describedTarget = Equipment.parse(new Equipment(Set.of("one"), List.of(target)).text())
                .devices()
                .get(0);

        assertThat(RestorePlan.of(described, describedTarget)).isEqualTo(RestorePlan.of(state, target));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whatIsNoDescriptionIsRefused(long seed) {
        Random random = new Random(seed);
        String text = new ImageDevices(Set.of("one"), List.of(new ImageDevice(null, null, state(random)))).text();
        int cut = 2 + random.nextInt((text.length() - 2) / 4) * 4;
        byte[] noise = new byte[random.nextInt(200)];
        random.nextBytes(noise);

        for (String broken : List.of(
                text.substring(0, cut),
                "1." + java.util.Base64.getEncoder().encodeToString(noise),
                "2." + text.substring(2),
                "1.!")) {
            assertThatThrownBy(() -> ImageDevices.parse(broken)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> Equipment.parse(broken)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void theSameEquipmentHasTheSameText() {
        Random random = new Random(7);
        DeviceDescriptor one = device(random);
        DeviceDescriptor other = device(random);

        assertThat(new Equipment(Set.of("a", "b"), List.of(one, other)).text())
                .isEqualTo(new Equipment(Set.of("b", "a"), List.of(other, one)).text());
    }

    @Test
    void whatSeveralProvidersFindIsCountedOnceAndProcessorsAreNoAccelerators() {
        Equipment equipment = new Equipment(
                Set.of("cuda", "opencl"),
                List.of(
                        device("cuda", "0", DeviceKind.GPU),
                        device("cuda", "1", DeviceKind.GPU),
                        device("opencl", "0", DeviceKind.GPU),
                        device("opencl", "1", DeviceKind.CPU),
                        device("opencl", "2", DeviceKind.FPGA)));

        assertThat(equipment.accelerators()).isEqualTo(Map.of("GPU", 2, "FPGA", 1));
    }

    private static DeviceDescriptor device(String provider, String id, DeviceKind kind) {
        DeviceDescriptor any = device(new Random(1));
        return new DeviceDescriptor(
                provider,
                id,
                kind,
                any.model(),
                any.build(),
                any.memoryBytes(),
                any.attributes(),
                any.operations(),
                any.formats());
    }

    @Test
    void aDescriptionComesBack() {
        ImageDevices devices = ImageDevices.parse(new ImageDevices(
                        Set.of("one"),
                        List.of(
                                new ImageDevice("worker", Determinism.TOLERANCE, state(new Random(1))),
                                new ImageDevice(null, null, state(new Random(2)))))
                .text());

        assertThat(devices.providers()).containsExactly("one");
        assertThat(devices.devices()).extracting(ImageDevice::role).containsExactly("worker", null);
        assertThat(devices.devices()).extracting(ImageDevice::accepted).containsExactly(Determinism.TOLERANCE, null);
        assertThat(devices.devices().get(0).state().bytes())
                .isEqualTo(state(new Random(1)).bytes());
    }

    private static DeviceState state(Random random) {
        List<CommandState> commands = new ArrayList<>();
        for (int left = random.nextInt(3); left > 0; left--) {
            long done = random.nextInt(50);
            Registers registers = random.nextInt(3) == 0
                    ? new Registers(
                            "design@" + random.nextInt(2),
                            done,
                            done + 8,
                            random.nextBoolean() ? Map.of() : Map.of("sum", BigInteger.TEN),
                            random.nextBoolean() ? null : NativeImage.of("build " + random.nextInt(2), new byte[9]))
                    : null;
            commands.add(new CommandState(
                    "queue", operation(random), 50 + random.nextInt(50), done, registers, random.nextInt(1000) * 1.5));
        }
        return new DeviceState(
                DeviceState.FORMAT + (random.nextInt(10) == 0 ? 1 : 0),
                device(random),
                List.of(
                        new BufferState("a", random.nextInt(1000), false, List.of()),
                        new BufferState("b", random.nextInt(1000), true, List.of())),
                commands,
                random.nextBoolean() ? List.of() : List.of(operation(random)),
                null);
    }

    private static Operation operation(Random random) {
        return OPERATIONS.get(random.nextInt(OPERATIONS.size()));
    }

    private static <T> T any(Random random, T[] all) {
        return all[random.nextInt(all.length)];
    }

    private static DeviceDescriptor device(Random random) {
        Map<String, OperationSupport> operations = new HashMap<>();
        for (Operation each : OPERATIONS) {
            if (random.nextBoolean()) {
                operations.put(
                        each.identity(),
                        new OperationSupport(
                                each.identity(),
                                any(random, Determinism.values()),
                                1 + random.nextInt(16),
                                random.nextBoolean() ? null : "design@" + random.nextInt(2),
                                random.nextBoolean() ? null : new Tolerance(random.nextInt(9), random.nextFloat())));
            }
        }
        Set<KernelFormat> formats = EnumSet.noneOf(KernelFormat.class);
        if (random.nextBoolean()) {
            formats.add(random.nextBoolean() ? KernelFormat.JAVA : KernelFormat.OPENCL_C);
        }
        return new DeviceDescriptor(
                random.nextBoolean() ? "one" : "other",
                Integer.toString(random.nextInt(100)),
                any(random, DeviceKind.values()),
                "model",
                "build " + random.nextInt(2),
                500 + random.nextInt(2000),
                random.nextBoolean()
                        ? Map.of()
                        : Map.of(
                                NativeBackend.ATTRIBUTE,
                                Attribute.of("driver"),
                                NativeImage.ATTRIBUTE,
                                Attribute.of("build " + random.nextInt(2))),
                operations,
                formats);
    }
}
