package dev.ingot.accelerator.cuda;

import dev.ingot.accelerator.DeviceFault;
import java.util.Map;

/** What the driver's result codes mean here. */
final class CudaError {
    static final int SUCCESS = 0;

    private static final int OUT_OF_MEMORY = 2;
    private static final int INVALID_IMAGE = 200;
    private static final int ECC_UNCORRECTABLE = 214;
    private static final int INVALID_PTX = 218;
    private static final int NOT_FOUND = 500;

    private CudaError() {}

    static void check(int result, String call) throws DeviceFault {
        if (result != SUCCESS) {
            throw fault(result, call);
        }
    }

    /** Most failures leave a context of no use, so the device is opened anew, in another host. */
    private static DeviceFault fault(int result, String call) {
        DeviceFault.Code code = switch (result) {
            case OUT_OF_MEMORY -> DeviceFault.Code.OUT_OF_MEMORY;
            case INVALID_IMAGE, INVALID_PTX, NOT_FOUND -> DeviceFault.Code.COMPILE;
            case ECC_UNCORRECTABLE -> DeviceFault.Code.MEMORY_UNCORRECTABLE;
            default -> DeviceFault.Code.LOST;
        };
        boolean isLost = code == DeviceFault.Code.LOST || code == DeviceFault.Code.MEMORY_UNCORRECTABLE;
        return new DeviceFault(
                code,
                isLost ? DeviceFault.Scope.DEVICE : DeviceFault.Scope.COMMAND,
                isLost,
                call + " failed with CUDA error " + result,
                Map.of("cuda.error", Integer.toString(result)),
                null);
    }
}
