package dev.ingot.accelerator.opencl;

import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.DeviceKind;
import dev.ingot.accelerator.backend.Attribute;
import dev.ingot.accelerator.backend.DeviceDescriptor;
import dev.ingot.accelerator.backend.OperationSupport;
import dev.ingot.accelerator.operation.Determinism;
import dev.ingot.accelerator.operation.ElementType;
import dev.ingot.accelerator.operation.KernelFormat;
import dev.ingot.accelerator.operation.Operation;
import dev.ingot.accelerator.operation.Tolerance;
import dev.ingot.accelerator.standard.StandardOperations;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.lwjgl.PointerBuffer;
import org.lwjgl.opencl.CL;
import org.lwjgl.opencl.CL10;
import org.lwjgl.opencl.CLCapabilities;
import org.lwjgl.system.Configuration;
import org.lwjgl.system.MemoryStack;
import org.lwjgl.system.Platform;

/**
 * A device of a platform.
 *
 * @param platform the platform's handle
 * @param device its handle
 */
record ClDevice(long platform, long device) {
    /** The driver's loader found no platform. */
    private static final int NO_PLATFORM = -1001;

    private static final long EXACT = CL10.CL_FP_DENORM | CL10.CL_FP_INF_NAN | CL10.CL_FP_ROUND_TO_NEAREST;
    /** Where the device does not round as Java does; of sums, which are what such devices get furthest from. */
    private static final Tolerance ROUNDED_OTHERWISE = new Tolerance(1024, 1e-4f);

    static {
        // The name without a version is there only where programs are compiled against it.
        if (Platform.get() == Platform.LINUX && Configuration.OPENCL_LIBRARY_NAME.get() == null) {
            Configuration.OPENCL_LIBRARY_NAME.set("libOpenCL.so.1");
        }
    }

    /** All devices, always in the order in which the driver names them. */
    static List<ClDevice> all() throws DeviceFault {
        List<ClDevice> devices = new ArrayList<>();
        try (MemoryStack stack = MemoryStack.stackPush()) {
            for (long platform : platforms(stack)) {
                CLCapabilities capabilities = CL.createPlatformCapabilities(platform);
                IntBuffer count = stack.mallocInt(1);
                int answer = CL10.clGetDeviceIDs(platform, CL10.CL_DEVICE_TYPE_ALL, null, count);
                if (answer == CL10.CL_DEVICE_NOT_FOUND) {
                    continue;
                }
                ClError.check(answer, "clGetDeviceIDs");
                PointerBuffer ids = stack.mallocPointer(count.get(0));
                ClError.check(
                        CL10.clGetDeviceIDs(platform, CL10.CL_DEVICE_TYPE_ALL, ids, (IntBuffer) null),
                        "clGetDeviceIDs");
                for (int i = 0; i < ids.capacity(); i++) {
                    CL.createDeviceCapabilities(ids.get(i), capabilities);
                    devices.add(new ClDevice(platform, ids.get(i)));
                }
            }
        }
        return devices;
    }

    private static long[] platforms(MemoryStack stack) throws DeviceFault {
        IntBuffer count = stack.mallocInt(1);
        int answer = CL10.clGetPlatformIDs(null, count);
        if (answer == NO_PLATFORM) {
            return new long[0];
        }
        ClError.check(answer, "clGetPlatformIDs");
        PointerBuffer ids = stack.mallocPointer(count.get(0));
        ClError.check(CL10.clGetPlatformIDs(ids, (IntBuffer) null), "clGetPlatformIDs");
        long[] platforms = new long[ids.capacity()];
        ids.get(platforms);
        return platforms;
    }

    DeviceDescriptor descriptor(String provider, String id) throws DeviceFault {
        String model = text(CL10.CL_DEVICE_NAME);
        return new DeviceDescriptor(
                provider,
                id,
                kind(),
                model,
                text(CL10.CL_DEVICE_VERSION) + " " + text(CL10.CL_DRIVER_VERSION),
                number(CL10.CL_DEVICE_GLOBAL_MEM_SIZE),
                Map.of(
                        "compute.units",
                        Attribute.of(number(CL10.CL_DEVICE_MAX_COMPUTE_UNITS)),
                        "allocation.bytes",
                        Attribute.of(largestAllocation()),
                        "vendor",
                        Attribute.of(text(CL10.CL_DEVICE_VENDOR))),
                operations(),
                Set.of(KernelFormat.OPENCL_C));
    }

    private DeviceKind kind() throws DeviceFault {
        long type = number(CL10.CL_DEVICE_TYPE);
        if ((type & CL10.CL_DEVICE_TYPE_GPU) != 0) {
            return DeviceKind.GPU;
        }
        return (type & CL10.CL_DEVICE_TYPE_CPU) != 0 ? DeviceKind.CPU : DeviceKind.OTHER;
    }

    long largestAllocation() throws DeviceFault {
        return number(CL10.CL_DEVICE_MAX_MEM_ALLOC_SIZE);
    }

    /** Whether what the device computes with is the host's own memory. */
    boolean isCpu() throws DeviceFault {
        return kind() == DeviceKind.CPU;
    }

    /** Floating point is promised to the bit only by devices that round as Java does. */
    private Map<String, OperationSupport> operations() throws DeviceFault {
        boolean isExact = (number(CL10.CL_DEVICE_SINGLE_FP_CONFIG) & EXACT) == EXACT;
        Map<String, OperationSupport> operations = new LinkedHashMap<>();
        for (Operation operation : StandardOperations.ALL) {
            boolean hasFloats = operation.operands().stream().anyMatch(operand -> operand.type() == ElementType.F32);
            operations.put(
                    operation.identity(),
                    hasFloats && !isExact
                            ? new OperationSupport(
                                    operation.identity(), Determinism.BITWISE_SAME_BUILD, 1, ROUNDED_OTHERWISE)
                            : new OperationSupport(operation.identity(), Determinism.BITWISE_ANY_KIND, 1));
        }
        return operations;
    }

    private String text(int what) throws DeviceFault {
        try (MemoryStack stack = MemoryStack.stackPush()) {
            PointerBuffer size = stack.mallocPointer(1);
            ClError.check(CL10.clGetDeviceInfo(device, what, (ByteBuffer) null, size), "clGetDeviceInfo");
            ByteBuffer text = stack.malloc((int) size.get(0));
            ClError.check(CL10.clGetDeviceInfo(device, what, text, null), "clGetDeviceInfo");
            return StandardCharsets.UTF_8
                    .decode(text)
                    .toString()
                    .replace("\0", "")
                    .strip();
        }
    }

    private long number(int what) throws DeviceFault {
        try (MemoryStack stack = MemoryStack.stackPush()) {
            ByteBuffer value = stack.calloc(8).order(ByteOrder.nativeOrder());
            ClError.check(CL10.clGetDeviceInfo(device, what, value, null), "clGetDeviceInfo");
            return value.getLong(0);
        }
    }
}
