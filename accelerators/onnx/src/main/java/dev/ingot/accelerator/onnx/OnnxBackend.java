package dev.ingot.accelerator.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.backend.DeviceMemory;
import dev.ingot.accelerator.backend.SharingBackend;
import dev.ingot.accelerator.memory.HostMemory;
import dev.ingot.accelerator.operation.KernelFormat;
import dev.ingot.accelerator.operation.Operation;
import dev.ingot.accelerator.operation.Scalars;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Sessions of the engine, one for each function, made when they are needed first. A session has no state between two runs and only
 * one thread: blocks are computed side by side here, so that the number of processors changes nothing in a result.
 */
final class OnnxBackend implements SharingBackend {
    private static final Map<String, GraphFunction> FUNCTIONS = functions();

    private final OrtEnvironment environment;
    private final Map<EngineFunction, OrtSession> sessions = new IdentityHashMap<>();
    /** By the operation's own model. */
    private final Map<String, ModelFunction> models = new HashMap<>();

    private final ExecutorService pool =
            Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors(), OnnxBackend::worker);
    private boolean isClosed;

    OnnxBackend(OrtEnvironment environment) {
        this.environment = environment;
    }

    private static Map<String, GraphFunction> functions() {
        Map<String, GraphFunction> functions = new LinkedHashMap<>();
        for (GraphFunction function : GraphFunction.values()) {
            functions.put(function.operation().identity(), function);
        }
        return functions;
    }

    private static Thread worker(Runnable work) {
        Thread thread = new Thread(work, "ONNX Runtime");
        thread.setDaemon(true);
        return thread;
    }

    // ---- memory

    @Override
    public DeviceMemory allocate(long bytes) throws DeviceFault {
        throw new DeviceFault(
                DeviceFault.Code.UNSUPPORTED,
                DeviceFault.Scope.COMMAND,
                "ONNX Runtime is driven from a device host, which shares memory");
    }

    @Override
    public DeviceMemory share(HostMemory memory) {
        if (!memory.segments().get(0).isDirect()) {
            throw new IllegalArgumentException("the engine cannot write to memory on the heap");
        }
        return new Shared(memory);
    }

    private record Shared(HostMemory memory) implements DeviceMemory {
        @Override
        public long size() {
            return memory.size();
        }

        @Override
        public void write(long offset, ByteBuffer source) {
            memory.write(offset, source);
        }

        @Override
        public void read(long offset, ByteBuffer target) {
            memory.read(offset, target);
        }

        @Override
        public void close() {}
    }

    // ---- computing

    @Override
    public void compute(Operation operation, List<DeviceMemory> operands, Scalars scalars, long first, long end)
            throws DeviceFault {
        EngineFunction function = function(operation);
        OrtSession session = session(function, operation);
        List<HostMemory> contents =
                operands.stream().map(operand -> ((Shared) operand).memory()).toList();
        List<Callable<Boolean>> blocks = new ArrayList<>();
        for (long from = first; from < end; from = function.endOfBlock(from, scalars)) {
            long begin = from;
            long stop = Math.min(end, function.endOfBlock(from, scalars));
            blocks.add(() -> run(session, function, contents, scalars, begin, stop));
        }
        run(blocks, operation);
    }

    private EngineFunction function(Operation operation) throws DeviceFault {
        String model = operation.variants().get(KernelFormat.ONNX);
        EngineFunction function = model == null ? FUNCTIONS.get(operation.identity()) : model(model, operation);
        if (function == null) {
            throw new DeviceFault(
                    DeviceFault.Code.UNSUPPORTED,
                    DeviceFault.Scope.COMMAND,
                    operation + " is not among " + FUNCTIONS.keySet() + " and has no variant in " + KernelFormat.ONNX);
        }
        return function;
    }

    private ModelFunction model(String model, Operation operation) throws DeviceFault {
        try {
            return models.computeIfAbsent(model, unseen -> ModelFunction.of(operation));
        } catch (IllegalArgumentException noModel) {
            throw new DeviceFault(
                    DeviceFault.Code.COMPILE,
                    DeviceFault.Scope.COMMAND,
                    false,
                    "the variant of " + operation + " in " + KernelFormat.ONNX + " is no model: "
                            + noModel.getMessage(),
                    Map.of(),
                    noModel);
        }
    }

    private OrtSession session(EngineFunction function, Operation operation) throws DeviceFault {
        OrtSession known = sessions.get(function);
        if (known != null) {
            return known;
        }
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setExecutionMode(OrtSession.SessionOptions.ExecutionMode.SEQUENTIAL);
            options.setIntraOpNumThreads(1);
            options.setInterOpNumThreads(1);
            // Sizes differ from run to run.
            options.setMemoryPatternOptimization(false);
            options.setDeterministicCompute(true);
            OrtSession session = environment.createSession(function.model(), options);
            sessions.put(function, session);
            return session;
        } catch (OrtException failed) {
            throw OnnxFault.of(failed, "cannot make a session for " + operation);
        }
    }

    private void run(List<Callable<Boolean>> blocks, Operation operation) throws DeviceFault {
        try {
            if (blocks.size() == 1) {
                blocks.get(0).call();
                return;
            }
            for (Future<Boolean> block : pool.invokeAll(blocks)) {
                block.get();
            }
        } catch (ExecutionException failed) {
            throw fault(failed.getCause(), operation);
        } catch (Exception failed) {
            throw fault(failed, operation);
        }
    }

    private static DeviceFault fault(@Nullable Throwable failed, Operation operation) {
        if (failed instanceof OrtException refused) {
            return OnnxFault.of(refused, operation + " failed");
        }
        if (failed instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        return new DeviceFault(
                DeviceFault.Code.INVALID_ARGUMENT,
                DeviceFault.Scope.COMMAND,
                false,
                operation + " failed: " + failed,
                Map.of(),
                failed);
    }

    private boolean run(
            OrtSession session,
            EngineFunction function,
            List<HostMemory> operands,
            Scalars scalars,
            long first,
            long end)
            throws OrtException {
        Block block = new Block(operands);
        function.cut(block, scalars, first, end);
        Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
        Map<String, OnnxTensor> outputs = new LinkedHashMap<>();
        try {
            for (Tensor input : block.inputs()) {
                inputs.put(input.name(), input.bind(environment));
            }
            for (Tensor output : block.outputs()) {
                outputs.put(output.name(), output.bind(environment));
            }
            session.run(inputs, Set.of(), outputs).close();
            block.finish();
            return true;
        } finally {
            inputs.values().forEach(OnnxTensor::close);
            outputs.values().forEach(OnnxTensor::close);
        }
    }

    @Override
    public void close() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        pool.shutdownNow();
        for (OrtSession session : sessions.values()) {
            try {
                session.close();
            } catch (OrtException failed) {
                throw new IllegalStateException("cannot close a session", failed);
            }
        }
    }
}
