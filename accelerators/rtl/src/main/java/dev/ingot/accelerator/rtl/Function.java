package dev.ingot.accelerator.rtl;

import dev.ingot.accelerator.operation.KernelFormat;
import dev.ingot.accelerator.operation.Operation;
import dev.ingot.accelerator.operation.Scalars;
import dev.ingot.accelerator.standard.StandardOperations;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** An operation that a core computes. Immutable. */
public final class Function {
    /** Products of bytes on the configurable card. */
    public static final Function MATRIX_I8 = product(StandardOperations.GEMM_I8, Core.MATRIX, false);

    /** Hashes on the configurable card. */
    public static final Function FNV1A = new Function(StandardOperations.FNV1A_64, Core.HASH, 1, HashJob::new);

    /** Products of bytes on the fixed card. */
    public static final Function SYSTOLIC_I8 = product(StandardOperations.GEMM_I8, Core.SYSTOLIC, false);

    /** Products of bfloat16 on the fixed card. */
    public static final Function SYSTOLIC_BF16 = product(StandardOperations.GEMM_BF16, Core.SYSTOLIC, true);

    private final Operation operation;
    private final Core core;
    private final int grain;
    private final JobMaker maker;

    private Function(Operation operation, Core core, int grain, JobMaker maker) {
        this.operation = operation;
        this.core = core;
        this.grain = grain;
        this.maker = maker;
    }

    private static Function product(Operation operation, Core core, boolean isFloating) {
        return new Function(
                operation,
                core,
                MatrixJob.SIDE,
                (operands, scalars, first, end) -> new MatrixJob(core, isFloating, operands, scalars, first, end));
    }

    /**
     * An operation that brings its own circuit.
     *
     * @throws IllegalArgumentException if it does not
     */
    static Function own(Operation operation) {
        String circuit = operation.variants().get(KernelFormat.BITSTREAM);
        if (circuit == null) {
            throw new IllegalArgumentException(operation + " has no variant in " + KernelFormat.BITSTREAM);
        }
        Core core = Core.of(circuit);
        return new Function(
                operation,
                core,
                1,
                (operands, scalars, first, end) -> new OwnJob(core, operation, operands, scalars, first, end));
    }

    /** How operands lie in the card's memory, which a core's registers point into. */
    private static final List<Class<? extends Job>> LAYOUTS = List.of(MatrixJob.class, HashJob.class, OwnJob.class);

    private static final int SHORT = 32;

    /**
     * Names what two cards with these functions must have in common to take each other's native images: the circuits as they were
     * translated, and how a step is laid out in the memory.
     */
    static String nativeBuild(CardFiles files, List<Function> functions) {
        List<byte[]> parts = new ArrayList<>();
        parts.add(files.build().getBytes(StandardCharsets.UTF_8));
        for (Class<?> layout : LAYOUTS) {
            parts.add(Sources.read(layout.getSimpleName() + ".class"));
        }
        for (Function function : functions) {
            String has = function.operation.identity() + " " + function.core.design() + " " + function.grain + "\n";
            parts.add(has.getBytes(StandardCharsets.UTF_8));
        }
        return HexFormat.of()
                .formatHex(Sources.hash(parts.toArray(byte[][]::new)))
                .substring(0, SHORT);
    }

    /** Makes the job for a step. */
    private interface JobMaker {
        Job job(List<CardOperand> operands, Scalars scalars, long first, long end);
    }

    Operation operation() {
        return operation;
    }

    Core core() {
        return core;
    }

    int grain() {
        return grain;
    }

    /**
     * A step.
     *
     * @throws ArithmeticException if it is too large for any card
     */
    Job job(List<CardOperand> operands, Scalars scalars, long first, long end) {
        return maker.job(operands, scalars, first, end);
    }
}
