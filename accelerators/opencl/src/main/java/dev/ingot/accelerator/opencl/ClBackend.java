package dev.ingot.accelerator.opencl;

import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.backend.DeviceMemory;
import dev.ingot.accelerator.backend.ResidentBackend;
import dev.ingot.accelerator.backend.ResidentCopies;
import dev.ingot.accelerator.backend.SharingBackend;
import dev.ingot.accelerator.memory.HostMemory;
import dev.ingot.accelerator.operation.ElementType;
import dev.ingot.accelerator.operation.Operation;
import dev.ingot.accelerator.operation.Scalar;
import dev.ingot.accelerator.operation.Scalars;
import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.util.List;
import org.lwjgl.PointerBuffer;
import org.lwjgl.opencl.CL10;
import org.lwjgl.system.MemoryStack;
import org.lwjgl.system.MemoryUtil;

/** An open device: a context and a queue. */
final class ClBackend implements SharingBackend, ResidentBackend {
    /**
     * How many items are computed in a group. There are few sizes for steps of any length, because PoCL compiles a kernel anew for each; the
     * few items that fill no group are groups of their own.
     */
    private static final long GROUP_ITEMS = 64;
    /** As many as fill a vector, so that short steps are spread over all cores. */
    private static final long CPU_GROUP_ITEMS = 8;
    /** From so many groups on all processors have enough of the largest ones, each of which takes them next to no time to begin. */
    private static final int MANY_GROUPS = 32;

    private final long context;
    private final long queue;
    private final boolean isCoherent;
    /** Of all buffers that the device takes, in bytes. */
    private final long largest;

    private final ResidentCopies copies;
    private final long groupItems;
    private final ClKernels kernels;
    private boolean isClosed;

    ClBackend(ClDevice device) throws DeviceFault {
        this(device, device.isCpu());
    }

    /**
     * A backend.
     *
     * @param isCoherent whether the device computes in the host's memory, so that nothing has to be copied
     */
    ClBackend(ClDevice device, boolean isCoherent) throws DeviceFault {
        try (MemoryStack stack = MemoryStack.stackPush()) {
            IntBuffer error = stack.mallocInt(1);
            PointerBuffer properties = stack.pointers(CL10.CL_CONTEXT_PLATFORM, device.platform(), 0);
            context = CL10.clCreateContext(properties, device.device(), null, 0, error);
            ClError.check(error.get(0), "clCreateContext");
            queue = CL10.clCreateCommandQueue(context, device.device(), 0, error);
            ClError.check(error.get(0), "clCreateCommandQueue");
        }
        this.isCoherent = isCoherent;
        this.largest = device.largestAllocation();
        this.copies = new ResidentCopies(new ClCopies(context, queue));
        this.groupItems = isCoherent ? CPU_GROUP_ITEMS : GROUP_ITEMS;
        this.kernels = new ClKernels(context, device.device());
    }

    @Override
    public DeviceMemory allocate(long bytes) throws DeviceFault {
        throw new DeviceFault(
                DeviceFault.Code.UNSUPPORTED,
                DeviceFault.Scope.COMMAND,
                "OpenCL is driven from a device host, which shares memory");
    }

    @Override
    public DeviceMemory share(HostMemory memory) throws DeviceFault {
        if (memory.size() > largest) {
            throw new DeviceFault(
                    DeviceFault.Code.OUT_OF_MEMORY,
                    DeviceFault.Scope.COMMAND,
                    "a buffer of " + memory.size() + " bytes is too large for this device; use several of at most "
                            + largest);
        }
        return isCoherent && isInOnePiece(memory) ? place(memory) : copies.share(memory);
    }

    /** Before JDK 22 what is larger than a segment is mapped in several pieces, which lie anywhere. */
    private static boolean isInOnePiece(HostMemory memory) {
        long next = MemoryUtil.memAddress0(memory.segments().get(0));
        for (ByteBuffer segment : memory.segments()) {
            if (MemoryUtil.memAddress0(segment) != next) {
                return false;
            }
            next += segment.capacity();
        }
        return true;
    }

    private ClMemory place(HostMemory memory) throws DeviceFault {
        long address = MemoryUtil.memAddress0(memory.segments().get(0));
        try (MemoryStack stack = MemoryStack.stackPush()) {
            IntBuffer error = stack.mallocInt(1);
            long handle = CL10.nclCreateBuffer(
                    context,
                    CL10.CL_MEM_READ_WRITE | CL10.CL_MEM_USE_HOST_PTR,
                    memory.size(),
                    address,
                    MemoryUtil.memAddress(error));
            ClError.check(error.get(0), "clCreateBuffer of " + memory.size() + " bytes");
            return new ClMemory(memory, handle);
        }
    }

    @Override
    public boolean isResident() {
        return !copies.isEmpty();
    }

    @Override
    public long transferNanos() {
        return copies.transferNanos();
    }

    @Override
    public void evict() throws DeviceFault {
        copies.evict();
    }

    @Override
    public void compute(Operation operation, List<DeviceMemory> operands, Scalars scalars, long first, long end)
            throws DeviceFault {
        ClKernels.Kernel found = kernels.kernel(operation);
        long kernel = found.handle();
        int index = 0;
        long[] handles = copies.begin(operation, operands);
        for (DeviceMemory operand : operands) {
            long handle = operand instanceof ClMemory placed ? placed.handle() : handles[index];
            setArgument(CL10.clSetKernelArg1p(kernel, index++, handle), operation);
        }
        for (Scalar scalar : operation.scalars()) {
            int answer = scalar.type() == ElementType.F32
                    ? CL10.clSetKernelArg1f(kernel, index++, scalars.real(scalar.name()))
                    : CL10.clSetKernelArg1l(kernel, index++, scalars.integer(scalar.name()));
            setArgument(answer, operation);
        }
        long at = first;
        for (long group : groups(found.mostItemsInGroup(), end - first)) {
            long rest = end - (end - at) % group;
            enqueue(operation, kernel, index, at, rest, group);
            at = rest;
        }
        ClError.check(CL10.clFinish(queue), "clFinish after " + operation);
        copies.end(operation, operands);
    }

    /**
     * In groups of which sizes to compute so many items, one after the other. There are few sizes, because drivers may compile a kernel anew
     * for each.
     */
    private List<Long> groups(long most, long items) {
        long usual = Math.min(groupItems, most);
        return isCoherent && items >= MANY_GROUPS * most && most > usual
                ? List.of(most, usual, 1L)
                : List.of(usual, 1L);
    }

    private void enqueue(Operation operation, long kernel, int firstIndex, long first, long end, long group)
            throws DeviceFault {
        if (first == end) {
            return;
        }
        setArgument(CL10.clSetKernelArg1l(kernel, firstIndex, first), operation);
        try (MemoryStack stack = MemoryStack.stackPush()) {
            ClError.check(
                    CL10.clEnqueueNDRangeKernel(
                            queue, kernel, 1, null, stack.pointers(end - first), stack.pointers(group), null, null),
                    "clEnqueueNDRangeKernel of " + operation);
        }
    }

    private static void setArgument(int answer, Operation operation) throws DeviceFault {
        ClError.check(answer, "clSetKernelArg of " + operation);
    }

    @Override
    public void close() {
        if (!isClosed) {
            isClosed = true;
            CL10.clReleaseCommandQueue(queue);
            CL10.clReleaseContext(context);
        }
    }
}
