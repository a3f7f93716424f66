package dev.ingot.accelerator.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.accelerator.DeviceFault;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CudaErrorTest {
    /** By the numbers of {@code cuda.h}. */
    @ParameterizedTest
    @CsvSource({
        "2, OUT_OF_MEMORY, COMMAND, false",
        "214, MEMORY_UNCORRECTABLE, DEVICE, true",
        "218, COMPILE, COMMAND, false",
        "700, LOST, DEVICE, true"
    })
    void saysWhatADriversNumberMeans(int result, DeviceFault.Code code, DeviceFault.Scope scope, boolean isRetryable) {
        assertThatThrownBy(() -> CudaError.check(result, "cuMemcpyDtoH"))
                .isInstanceOfSatisfying(DeviceFault.class, fault -> {
                    assertThat(fault.code()).isEqualTo(code);
                    assertThat(fault.scope()).isEqualTo(scope);
                    assertThat(fault.retryable()).isEqualTo(isRetryable);
                })
                .hasMessageContaining("cuMemcpyDtoH failed with CUDA error " + result);
    }
}
