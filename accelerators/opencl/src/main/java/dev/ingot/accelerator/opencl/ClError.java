package dev.ingot.accelerator.opencl;

import dev.ingot.accelerator.DeviceFault;
import java.util.Map;
import org.lwjgl.opencl.CL10;

/** What the driver answered. */
final class ClError {

    private ClError() {}

    /** Returns if {@code code} says that all is well. */
    static void check(int code, String call) throws DeviceFault {
        if (code != CL10.CL_SUCCESS) {
            throw fault(code, call);
        }
    }

    /**
     * As {@link #check}, for a call that takes memory of the device: NVIDIA's driver answers that it is out of resources where the device has
     * no more memory, which it finds out as late as with the first write.
     */
    static void checkMemory(int code, String call) throws DeviceFault {
        if (code == CL10.CL_OUT_OF_RESOURCES) {
            throw fault(DeviceFault.Code.OUT_OF_MEMORY, DeviceFault.Scope.COMMAND, false, code, call);
        }
        check(code, call);
    }

    static DeviceFault fault(int code, String call) {
        return switch (code) {
            case CL10.CL_MEM_OBJECT_ALLOCATION_FAILURE, CL10.CL_OUT_OF_HOST_MEMORY, CL10.CL_INVALID_BUFFER_SIZE ->
                fault(DeviceFault.Code.OUT_OF_MEMORY, DeviceFault.Scope.COMMAND, false, code, call);
            // PoCL loses the race for a file of its cache now and then.
            case CL10.CL_BUILD_PROGRAM_FAILURE ->
                fault(DeviceFault.Code.COMPILE, DeviceFault.Scope.COMMAND, true, code, call);
            case CL10.CL_INVALID_KERNEL_NAME,
                    CL10.CL_INVALID_KERNEL_ARGS,
                    CL10.CL_INVALID_ARG_INDEX,
                    CL10.CL_INVALID_ARG_SIZE ->
                fault(DeviceFault.Code.COMPILE, DeviceFault.Scope.COMMAND, false, code, call);
            case CL10.CL_DEVICE_NOT_AVAILABLE ->
                fault(DeviceFault.Code.LOST, DeviceFault.Scope.DEVICE, true, code, call);
            default -> fault(DeviceFault.Code.PROTOCOL, DeviceFault.Scope.DEVICE, true, code, call);
        };
    }

    private static DeviceFault fault(
            DeviceFault.Code what, DeviceFault.Scope scope, boolean retryable, int code, String call) {
        return new DeviceFault(
                what,
                scope,
                retryable,
                call + " answered " + code,
                Map.of("opencl.error", Integer.toString(code)),
                null);
    }
}
