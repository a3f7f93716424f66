package dev.ingot.accelerator.cuda;

import dev.ingot.accelerator.DeviceFault;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** CUDA's run-time compiler. Used by one thread at a time. */
final class CudaCompiler {
    /** What is fused is said by the contracts, and by fma in the sources. */
    private static final String NOTHING_FUSED = "--fmad=false";

    private static final int COMPILATION = 6;

    private final ForeignLibrary library;
    private final ByteBuffer result = ByteBuffer.allocateDirect(8).order(ByteOrder.nativeOrder());

    CudaCompiler(ForeignLibrary library) {
        this.library = library;
    }

    /** Compiles a source for devices of a generation. */
    ByteBuffer compile(String name, String source, int architecture) throws DeviceFault {
        ByteBuffer text = CudaDriver.text(source);
        ByteBuffer title = CudaDriver.text(name);
        check(
                library.call(
                        "nvrtcCreateProgram",
                        result(),
                        ForeignLibrary.address(text),
                        ForeignLibrary.address(title),
                        0,
                        0L,
                        0L),
                name,
                "");
        long program = result.getLong(0);
        try {
            return compile(program, name, architecture);
        } finally {
            result.putLong(0, program);
            library.call("nvrtcDestroyProgram", ForeignLibrary.address(result));
        }
    }

    private ByteBuffer compile(long program, String name, int architecture) throws DeviceFault {
        List<ByteBuffer> options =
                List.of(CudaDriver.text(NOTHING_FUSED), CudaDriver.text("--gpu-architecture=compute_" + architecture));
        ByteBuffer pointers = ByteBuffer.allocateDirect(8 * options.size()).order(ByteOrder.nativeOrder());
        for (int i = 0; i < options.size(); i++) {
            pointers.putLong(8 * i, ForeignLibrary.address(options.get(i)));
        }
        int compiled = library.call("nvrtcCompileProgram", program, options.size(), ForeignLibrary.address(pointers));
        check(compiled, name, compiled == COMPILATION ? log(program) : "");
        check(library.call("nvrtcGetPTXSize", program, result()), name, "");
        ByteBuffer code = ByteBuffer.allocateDirect(Math.toIntExact(result.getLong(0)));
        check(library.call("nvrtcGetPTX", program, ForeignLibrary.address(code)), name, "");
        return code;
    }

    private String log(long program) {
        library.call("nvrtcGetProgramLogSize", program, result());
        ByteBuffer log = ByteBuffer.allocateDirect(Math.max(1, (int) result.getLong(0)));
        library.call("nvrtcGetProgramLog", program, ForeignLibrary.address(log));
        return StandardCharsets.UTF_8.decode(log).toString().replace("\0", "").strip();
    }

    private long result() {
        result.putLong(0, 0);
        return ForeignLibrary.address(result);
    }

    private static void check(int answer, String name, String log) throws DeviceFault {
        if (answer != CudaError.SUCCESS) {
            throw new DeviceFault(
                    DeviceFault.Code.COMPILE,
                    DeviceFault.Scope.COMMAND,
                    "cannot compile " + name + ": NVRTC error " + answer + (log.isEmpty() ? "" : " (" + log + ")"));
        }
    }
}
