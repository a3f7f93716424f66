package dev.ingot.accelerator.cuda;

import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.operation.KernelFormat;
import dev.ingot.accelerator.operation.Operation;
import dev.ingot.accelerator.standard.StandardOperations;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * Kernels of a device, compiled when they are needed first. Sources are OpenCL C; {@code prelude.cu} says what its words are in CUDA. An
 * operation's own variant, first of all in PTX, comes before the standard one.
 */
final class CudaKernels {
    private static final String ENTRY = "operation";
    private static final String PRELUDE = prelude();

    private final CudaDriver driver;
    private final CudaCompiler compiler;
    private final int architecture;
    private final Map<String, Long> functions = new HashMap<>();

    CudaKernels(CudaDriver driver, CudaCompiler compiler, int architecture) {
        this.driver = driver;
        this.compiler = compiler;
        this.architecture = architecture;
    }

    long function(Operation operation) throws DeviceFault {
        String code = operation.variants().get(KernelFormat.PTX);
        String source = code == null ? source(operation) : code;
        Long known = functions.get(source);
        if (known == null) {
            ByteBuffer program = code == null
                    ? compiler.compile(operation.name(), PRELUDE + source, architecture)
                    : CudaDriver.text(code);
            known = driver.function(program, ENTRY);
            functions.put(source, known);
        }
        return known;
    }

    private static String source(Operation operation) throws DeviceFault {
        String variant = operation.variants().get(KernelFormat.OPENCL_C);
        if (variant == null) {
            variant = StandardOperations.openClSource(operation);
        }
        if (variant == null) {
            throw new DeviceFault(
                    DeviceFault.Code.UNSUPPORTED,
                    DeviceFault.Scope.COMMAND,
                    operation + " has no variant in " + KernelFormat.OPENCL_C);
        }
        return variant;
    }

    private static String prelude() {
        try (InputStream in = CudaKernels.class.getResourceAsStream("prelude.cu")) {
            if (in == null) {
                throw new IllegalStateException("prelude.cu is missing");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
