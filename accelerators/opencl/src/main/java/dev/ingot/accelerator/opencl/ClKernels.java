package dev.ingot.accelerator.opencl;

import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.operation.KernelFormat;
import dev.ingot.accelerator.operation.Operation;
import dev.ingot.accelerator.standard.StandardOperations;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.lwjgl.PointerBuffer;
import org.lwjgl.opencl.CL10;
import org.lwjgl.system.MemoryStack;
import org.lwjgl.system.MemoryUtil;

/** Kernels of a context, built when they are needed first. An operation's own variant comes first, then what
 * this backend knows better, then what every device can have. */
final class ClKernels {
    /** What is fused is said by the contracts, and by fma in the sources. */
    private static final String PREFIX = "#pragma OPENCL FP_CONTRACT OFF\n";

    private static final String ENTRY = "operation";

    private final long context;
    private final long device;
    /** By source, which two operations of one name need not share. */
    private final Map<String, Kernel> kernels = new HashMap<>();
    /** What was found for the operations asked for before; a host has one object for each. */
    private final Map<Operation, Kernel> found = new IdentityHashMap<>();

    /** A kernel that was built, and how many items the device can compute of it in a group. */
    record Kernel(long handle, long mostItemsInGroup) {}

    ClKernels(long context, long device) {
        this.context = context;
        this.device = device;
    }

    Kernel kernel(Operation operation) throws DeviceFault {
        Kernel before = found.get(operation);
        if (before != null) {
            return before;
        }
        Kernel kernel = find(operation);
        found.put(operation, kernel);
        return kernel;
    }

    private Kernel find(Operation operation) throws DeviceFault {
        String source = source(operation);
        Kernel known = kernels.get(source);
        if (known == null) {
            known = build(operation, source);
            kernels.put(source, known);
        }
        return known;
    }

    private static String source(Operation operation) throws DeviceFault {
        String variant = operation.variants().get(KernelFormat.OPENCL_C);
        if (variant == null) {
            variant = own(operation);
        }
        if (variant == null) {
            throw new DeviceFault(
                    DeviceFault.Code.UNSUPPORTED,
                    DeviceFault.Scope.COMMAND,
                    operation + " has no variant in " + KernelFormat.OPENCL_C);
        }
        return PREFIX + variant;
    }

    private static @Nullable String own(Operation operation) {
        try (InputStream in = ClKernels.class.getResourceAsStream(operation.name() + ".cl")) {
            return in == null || operation.version() != 1
                    ? StandardOperations.openClSource(operation)
                    : new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Kernel build(Operation operation, String source) throws DeviceFault {
        try (MemoryStack stack = MemoryStack.stackPush()) {
            IntBuffer error = stack.mallocInt(1);
            long program = CL10.clCreateProgramWithSource(context, source, error);
            ClError.check(error.get(0), "clCreateProgramWithSource");
            int built = CL10.clBuildProgram(program, device, "", null, 0);
            if (built != CL10.CL_SUCCESS) {
                String log = log(program);
                CL10.clReleaseProgram(program);
                throw ClError.fault(built, "clBuildProgram of " + operation + " (" + log + ")");
            }
            long kernel = CL10.clCreateKernel(program, ENTRY, error);
            CL10.clReleaseProgram(program);
            ClError.check(error.get(0), "clCreateKernel '" + ENTRY + "' of " + operation);
            PointerBuffer most = stack.mallocPointer(1);
            ClError.check(
                    CL10.clGetKernelWorkGroupInfo(kernel, device, CL10.CL_KERNEL_WORK_GROUP_SIZE, most, null),
                    "clGetKernelWorkGroupInfo of " + operation);
            return new Kernel(kernel, most.get(0));
        }
    }

    private String log(long program) {
        try (MemoryStack stack = MemoryStack.stackPush()) {
            PointerBuffer size = stack.mallocPointer(1);
            CL10.clGetProgramBuildInfo(program, device, CL10.CL_PROGRAM_BUILD_LOG, (ByteBuffer) null, size);
            ByteBuffer log = MemoryUtil.memCalloc((int) size.get(0) + 1);
            try {
                CL10.clGetProgramBuildInfo(program, device, CL10.CL_PROGRAM_BUILD_LOG, log, null);
                return StandardCharsets.UTF_8
                        .decode(log)
                        .toString()
                        .replace("\0", "")
                        .strip();
            } finally {
                MemoryUtil.memFree(log);
            }
        }
    }
}
