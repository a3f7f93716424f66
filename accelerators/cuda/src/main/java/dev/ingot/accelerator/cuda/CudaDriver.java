package dev.ingot.accelerator.cuda;

import dev.ingot.accelerator.DeviceFault;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** The calls of the CUDA driver that are needed, checked. Used by one thread at a time. */
final class CudaDriver {
    private static final int COMPUTE_MAJOR = 75;
    private static final int COMPUTE_MINOR = 76;
    private static final int NAME_BYTES = 256;
    private static final int UUID_BYTES = 16;

    private final ForeignLibrary library;
    /** For what functions return through pointers. */
    private final ByteBuffer result = ByteBuffer.allocateDirect(8).order(ByteOrder.nativeOrder());

    CudaDriver(ForeignLibrary library) throws DeviceFault {
        this.library = library;
        check("cuInit", 0);
    }

    private void check(String function, Object... arguments) throws DeviceFault {
        CudaError.check(library.call(function, arguments), function);
    }

    private long result() {
        result.putLong(0, 0);
        return ForeignLibrary.address(result);
    }

    int version() throws DeviceFault {
        check("cuDriverGetVersion", result());
        return result.getInt(0);
    }

    int devices() throws DeviceFault {
        check("cuDeviceGetCount", result());
        return result.getInt(0);
    }

    int device(int ordinal) throws DeviceFault {
        check("cuDeviceGet", result(), ordinal);
        return result.getInt(0);
    }

    String name(int device) throws DeviceFault {
        ByteBuffer name = ByteBuffer.allocateDirect(NAME_BYTES);
        check("cuDeviceGetName", ForeignLibrary.address(name), NAME_BYTES, device);
        return StandardCharsets.UTF_8.decode(name).toString().replace("\0", "");
    }

    long memoryBytes(int device) throws DeviceFault {
        check("cuDeviceTotalMem_v2", result(), device);
        return result.getLong(0);
    }

    /** The generation of the device as the compiler names it, such as 90. */
    int architecture(int device) throws DeviceFault {
        check("cuDeviceGetAttribute", result(), COMPUTE_MAJOR, device);
        int major = result.getInt(0);
        check("cuDeviceGetAttribute", result(), COMPUTE_MINOR, device);
        return 10 * major + result.getInt(0);
    }

    /** What tells a device from all others, of 16 bytes. */
    ByteBuffer identity(int device) throws DeviceFault {
        ByteBuffer identity = ByteBuffer.allocateDirect(UUID_BYTES);
        check("cuDeviceGetUuid_v2", ForeignLibrary.address(identity), device);
        return identity;
    }

    CudaCheckpoint checkpoint() {
        return new CudaCheckpoint(library);
    }

    /** Makes the device's own context this thread's. */
    void use(int device) throws DeviceFault {
        check("cuDevicePrimaryCtxRetain", result(), device);
        check("cuCtxSetCurrent", result.getLong(0));
    }

    void release(int device) throws DeviceFault {
        check("cuDevicePrimaryCtxRelease_v2", device);
    }

    long allocate(long bytes) throws DeviceFault {
        check("cuMemAlloc_v2", result(), bytes);
        return result.getLong(0);
    }

    void free(long pointer) throws DeviceFault {
        check("cuMemFree_v2", pointer);
    }

    /** Copies all of a direct buffer, whatever its position. */
    void copyToDevice(long pointer, ByteBuffer source) throws DeviceFault {
        check(
                "cuMemcpyHtoD_v2",
                pointer,
                ForeignLibrary.address(source.duplicate().clear()),
                (long) source.capacity());
    }

    /** Fills all of a direct buffer, whatever its position. */
    void copyToHost(ByteBuffer target, long pointer) throws DeviceFault {
        check("cuMemcpyDtoH_v2", ForeignLibrary.address(target.duplicate().clear()), pointer, (long) target.capacity());
    }

    /** Loads a program and returns its function of this name. */
    long function(ByteBuffer program, String name) throws DeviceFault {
        check("cuModuleLoadData", result(), ForeignLibrary.address(program));
        long module = result.getLong(0);
        ByteBuffer text = text(name);
        check("cuModuleGetFunction", result(), module, ForeignLibrary.address(text));
        return result.getLong(0);
    }

    /**
     * Starts a function on a line of blocks.
     *
     * @param arguments pointers to its arguments
     */
    void launch(long function, int blocks, int threads, ByteBuffer arguments) throws DeviceFault {
        long none = 0;
        check(
                "cuLaunchKernel",
                function,
                blocks,
                1,
                1,
                threads,
                1,
                1,
                0,
                none,
                ForeignLibrary.address(arguments),
                none);
    }

    void synchronize() throws DeviceFault {
        check("cuCtxSynchronize");
    }

    /** A text as C has it. */
    static ByteBuffer text(String text) {
        byte[] bytes = (text + "\0").getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }
}
