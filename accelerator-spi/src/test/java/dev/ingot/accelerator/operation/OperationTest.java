package dev.ingot.accelerator.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.accelerator.DeviceKind;
import dev.ingot.accelerator.backend.DeviceDescriptor;
import dev.ingot.accelerator.backend.OperationSupport;
import dev.ingot.accelerator.standard.StandardOperations;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is declared about the results of a program's own operations, on devices that take them in several forms. */
class OperationTest {
    private static final Tolerance NEAR = new Tolerance(4, 1e-6f);

    @Test
    void aPromiseOfAToleranceSaysWhich() {
        assertThatThrownBy(() -> operation(Determinism.TOLERANCE, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must say within which tolerance");
        assertThat(operation(Determinism.TOLERANCE, NEAR)
                        .with(KernelFormat.PTX, "")
                        .tolerance())
                .isEqualTo(NEAR);
    }

    @Test
    void aVariantIsWithinItsOperationsTolerance() {
        Operation near = operation(Determinism.TOLERANCE, NEAR).with(KernelFormat.OPENCL_C, "");

        assertThat(supportOf(near, KernelFormat.OPENCL_C))
                .isEqualTo(new OperationSupport("own@1", Determinism.TOLERANCE, 1, NEAR));
        assertThat(supportOf(near, KernelFormat.JAVA).tolerance()).isEqualTo(Tolerance.EXACT);
    }

    /** What an engine makes of a model is within a tolerance that comes with the form, unless the operation has its own. */
    @Test
    void aFormHasATolerance() {
        Operation exact = operation(Determinism.BITWISE_ANY_KIND, null).with(KernelFormat.ONNX, "");
        Operation near = operation(Determinism.BITWISE_SAME_BUILD, NEAR).with(KernelFormat.ONNX, "");

        assertThat(supportOf(exact, KernelFormat.ONNX).determinism()).isEqualTo(Determinism.BITWISE_SAME_BUILD);
        assertThat(supportOf(exact, KernelFormat.ONNX).tolerance()).isEqualTo(KernelFormat.ONNX.tolerance());
        assertThat(supportOf(near, KernelFormat.ONNX).tolerance()).isEqualTo(NEAR);
    }

    private static OperationSupport supportOf(Operation operation, KernelFormat format) {
        DeviceDescriptor device = new DeviceDescriptor(
                "device", "0", DeviceKind.OTHER, "test", "1", 1000, Map.of(), Map.of(), Set.of(format));
        return Objects.requireNonNull(device.support(operation));
    }

    private static Operation operation(Determinism determinism, @Nullable Tolerance tolerance) {
        return new Operation(
                "own",
                1,
                List.of(),
                List.of(),
                determinism,
                true,
                StandardOperations.PHILOX_4X32.contract(),
                Map.of(),
                tolerance);
    }
}
