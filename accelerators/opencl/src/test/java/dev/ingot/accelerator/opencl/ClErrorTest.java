package dev.ingot.accelerator.opencl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.accelerator.DeviceFault;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClErrorTest {
    /** By the numbers of {@code cl.h}: first of any call, then of one that takes memory of the device. */
    @ParameterizedTest
    @CsvSource({
        "-4, OUT_OF_MEMORY, COMMAND, OUT_OF_MEMORY, COMMAND",
        "-5, PROTOCOL, DEVICE, OUT_OF_MEMORY, COMMAND",
        "-2, LOST, DEVICE, LOST, DEVICE"
    })
    void saysWhatADriversNumberMeans(
            int code,
            DeviceFault.Code meaning,
            DeviceFault.Scope scope,
            DeviceFault.Code ofMemory,
            DeviceFault.Scope scopeOfMemory) {
        assertThatThrownBy(() -> ClError.check(code, "clCall"))
                .isInstanceOfSatisfying(DeviceFault.class, fault -> assertIs(fault, meaning, scope))
                .hasMessageContaining("clCall answered " + code);
        assertThatThrownBy(() -> ClError.checkMemory(code, "clCall"))
                .isInstanceOfSatisfying(DeviceFault.class, fault -> assertIs(fault, ofMemory, scopeOfMemory))
                .hasMessageContaining("clCall answered " + code);
    }

    private static void assertIs(DeviceFault fault, DeviceFault.Code code, DeviceFault.Scope scope) {
        assertThat(fault.code()).isEqualTo(code);
        assertThat(fault.scope()).isEqualTo(scope);
    }
}
