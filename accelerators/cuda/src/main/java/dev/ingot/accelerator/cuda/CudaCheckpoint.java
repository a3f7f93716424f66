package dev.ingot.accelerator.cuda;

import dev.ingot.accelerator.DeviceFault;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;

/**
 * The driver's own checkpoints of this process: locked, it takes everything off its GPUs and keeps it, and brings it back to GPUs of the same
 * kind, be they others. Pointers, contexts and loaded code stay what they are. Used by one thread at a time.
 *
 * <p>The layout of the arguments is that of {@code cuda.h}: 64 bytes each, what is not used being zero.
 */
final class CudaCheckpoint {
    private static final String STATE = "cuCheckpointProcessGetState";
    private static final int ARGUMENT_BYTES = 64;
    private static final int UUID_BYTES = 16;
    private static final int LOCK_MILLIS = 10_000;

    private final ForeignLibrary library;
    private final int process = (int) ProcessHandle.current().pid();

    CudaCheckpoint(ForeignLibrary library) {
        this.library = library;
    }

    /** Whether the driver has them, which those of version 570 and later do. */
    boolean isPossible() {
        ByteBuffer state = ByteBuffer.allocateDirect(Integer.BYTES).order(ByteOrder.nativeOrder());
        return library.has(STATE)
                && library.call(STATE, process, ForeignLibrary.address(state)) == CudaError.SUCCESS
                && state.getInt(0) == 0;
    }

    /**
     * Has two GPUs of this process change places.
     *
     * @param all the identities of all GPUs that the process sees
     * @throws DeviceFault with scope {@code COMMAND} if everything is where it was, {@code DEVICE} if it is lost
     */
    void exchange(List<ByteBuffer> all, ByteBuffer one, ByteBuffer other) throws DeviceFault {
        ByteBuffer lock = arguments().putInt(0, LOCK_MILLIS);
        require(call("cuCheckpointProcessLock", lock), "lock", true);
        int taken = call("cuCheckpointProcessCheckpoint", arguments());
        if (taken != CudaError.SUCCESS) {
            require(taken, "checkpoint", unlock());
        }
        ByteBuffer pairs = pairs(all, one, other);
        ByteBuffer destination =
                arguments().putLong(0, ForeignLibrary.address(pairs)).putInt(Long.BYTES, all.size());
        int brought = call("cuCheckpointProcessRestore", destination);
        if (brought != CudaError.SUCCESS) {
            boolean isBack = call("cuCheckpointProcessRestore", arguments()) == CudaError.SUCCESS;
            require(brought, "restore", isBack && unlock());
        }
        require(call("cuCheckpointProcessUnlock", arguments()), "unlock", false);
    }

    private static ByteBuffer pairs(List<ByteBuffer> all, ByteBuffer one, ByteBuffer other) {
        ByteBuffer pairs = ByteBuffer.allocateDirect(2 * UUID_BYTES * all.size());
        for (ByteBuffer each : all) {
            ByteBuffer next = each.equals(one) ? other : each.equals(other) ? one : each;
            pairs.put(each.duplicate()).put(next.duplicate());
        }
        return pairs.clear();
    }

    private boolean unlock() {
        return call("cuCheckpointProcessUnlock", arguments()) == CudaError.SUCCESS;
    }

    private static ByteBuffer arguments() {
        return ByteBuffer.allocateDirect(ARGUMENT_BYTES).order(ByteOrder.nativeOrder());
    }

    private int call(String function, ByteBuffer arguments) {
        return library.call(function, process, ForeignLibrary.address(arguments));
    }

    private static void require(int result, String step, boolean isUntouched) throws DeviceFault {
        if (result != CudaError.SUCCESS) {
            throw new DeviceFault(
                    isUntouched ? DeviceFault.Code.UNSUPPORTED : DeviceFault.Code.LOST,
                    isUntouched ? DeviceFault.Scope.COMMAND : DeviceFault.Scope.DEVICE,
                    !isUntouched,
                    "the driver could not " + step + " this process: CUDA error " + result,
                    Map.of("cuda.error", Integer.toString(result)),
                    null);
        }
    }
}
