package dev.ingot.accelerator.standard;

import dev.ingot.accelerator.operation.Access;
import dev.ingot.accelerator.operation.Contract;
import dev.ingot.accelerator.operation.Determinism;
import dev.ingot.accelerator.operation.ElementType;
import dev.ingot.accelerator.operation.Operand;
import dev.ingot.accelerator.operation.Operation;
import dev.ingot.accelerator.operation.Scalar;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The first set of operations. Floating point is exact to the bit on all devices: each contract fixes the order of additions and
 * where a multiply-add is fused.
 */
public final class StandardOperations {
    /** c[m,n] = a[m,k] · b[k,n]; k ascending, fused multiply-add, from +0. Scalars m, n, k. An item is a row of c. */
    public static final Operation GEMM_F32 = operation(
            "gemm.f32",
            List.of(read("a", ElementType.F32), read("b", ElementType.F32), write("c", ElementType.F32)),
            integers("m", "n", "k"),
            new GemmF32());

    /** c[m,n] = a[m,k] · b[k,n] of bytes into ints that wrap around. Scalars m, n, k. An item is a row of c. */
    public static final Operation GEMM_I8 = operation(
            "gemm.i8",
            List.of(read("a", ElementType.I8), read("b", ElementType.I8), write("c", ElementType.I32)),
            integers("m", "n", "k"),
            new GemmI8());

    /**
     * As {@link #GEMM_F32} with bfloat16 factors and float sums, each addition rounded once. Scalars m, n, k. An item is a row of c.
     */
    public static final Operation GEMM_BF16 = operation(
            "gemm.bf16",
            List.of(read("a", ElementType.BF16), read("b", ElementType.BF16), write("c", ElementType.F32)),
            integers("m", "n", "k"),
            new GemmBf16());

    /** out = x + y. Scalar n. */
    public static final Operation ADD_F32 = operation("add.f32", pairwise(), integers("n"), Elementwise.ADD);

    /** out = x · y, element by element. Scalar n. */
    public static final Operation MULTIPLY_F32 =
            operation("multiply.f32", pairwise(), integers("n"), Elementwise.MULTIPLY);

    /** out = alpha · x + y, fused. Scalars n and alpha (a float). */
    public static final Operation AXPY_F32 = operation(
            "axpy.f32",
            pairwise(),
            List.of(new Scalar("n", ElementType.I64), new Scalar("alpha", ElementType.F32)),
            Elementwise.AXPY);

    /** sums[j] = sum of block j of 256 elements of {@code in}, by a tree of neighbours. Scalar n. An item is a block. */
    public static final Operation TREE_SUM_F32 = operation(
            "tree-sum.f32",
            List.of(read("in", ElementType.F32), write("sums", ElementType.F32)),
            integers("n"),
            new TreeSum());

    /**
     * Rows of exponentials that add up to 1, by the means of {@code Exact}: the largest number of a row is subtracted before. Scalars rows,
     * width. An item is a row.
     */
    public static final Operation SOFTMAX_F32 = operation(
            "softmax.f32",
            List.of(read("in", ElementType.F32), write("out", ElementType.F32)),
            integers("rows", "width"),
            new Softmax());

    /**
     * Rows brought to mean 0 and variance 1, then scaled and shifted column by column. Scalars rows, width, and the float epsilon, which is
     * added to the variance. An item is a row.
     */
    public static final Operation LAYER_NORM_F32 = operation(
            "layer-norm.f32",
            List.of(
                    read("in", ElementType.F32),
                    read("scale", ElementType.F32),
                    read("shift", ElementType.F32),
                    write("out", ElementType.F32)),
            List.of(
                    new Scalar("rows", ElementType.I64),
                    new Scalar("width", ElementType.I64),
                    new Scalar("epsilon", ElementType.F32)),
            new LayerNorm());

    /**
     * A two-dimensional convolution of {@code channels} planes with {@code filters} square filters, within the borders: channel, line and
     * column of a filter ascending, fused multiply-add, from +0. Scalars filters, channels, height, width, size. An item is a row of a
     * filter's output.
     */
    public static final Operation CONVOLUTION_F32 = operation(
            "convolution.f32",
            List.of(read("in", ElementType.F32), read("weights", ElementType.F32), write("out", ElementType.F32)),
            integers("filters", "channels", "height", "width", "size"),
            new Convolution());

    /**
     * A step of a five-point stencil: fma(side, ((north + south) + west) + east, centre · point), the border as it is. Scalars
     * height, width, and the floats centre and side. An item is a row.
     */
    public static final Operation STENCIL_2D_F32 = operation(
            "stencil-2d.f32",
            List.of(read("in", ElementType.F32), write("out", ElementType.F32)),
            List.of(
                    new Scalar("height", ElementType.I64),
                    new Scalar("width", ElementType.I64),
                    new Scalar("centre", ElementType.F32),
                    new Scalar("side", ElementType.F32)),
            new Stencil2d());

    /** One pass of a merge sort, from ascending runs of {@code width} to runs of twice that. Scalars n, width. */
    public static final Operation MERGE_PASS_I32 = operation(
            "merge-pass.i32",
            List.of(read("in", ElementType.I32), write("out", ElementType.I32)),
            integers("n", "width"),
            new MergePass());

    /** The 64-bit FNV-1a hash of each of n records of {@code width} bytes. Scalars n, width. */
    public static final Operation FNV1A_64 = operation(
            "fnv1a.64",
            List.of(read("records", ElementType.I8), write("hashes", ElementType.I64)),
            integers("n", "width"),
            new Fnv1a());

    /** Four random ints for each counter from {@code counter} on. Scalars blocks, counter, stream, key. */
    public static final Operation PHILOX_4X32 = operation(
            "philox.4x32",
            List.of(write("out", ElementType.I32)),
            integers("blocks", "counter", "stream", "key"),
            new Philox());

    /** All of them. */
    public static final List<Operation> ALL = List.of(
            GEMM_F32,
            GEMM_I8,
            GEMM_BF16,
            ADD_F32,
            MULTIPLY_F32,
            AXPY_F32,
            TREE_SUM_F32,
            SOFTMAX_F32,
            LAYER_NORM_F32,
            CONVOLUTION_F32,
            STENCIL_2D_F32,
            MERGE_PASS_I32,
            FNV1A_64,
            PHILOX_4X32);

    private StandardOperations() {}

    /**
     * The source in OpenCL C of a standard operation, for any device; without vectors or anything else that a translation to a related
     * language would find hard.
     *
     * @return null if {@code operation} is none of these
     */
    public static @Nullable String openClSource(Operation operation) {
        if (ALL.stream().noneMatch(each -> each.identity().equals(operation.identity()))) {
            return null;
        }
        try (InputStream in = StandardOperations.class.getResourceAsStream(operation.name() + ".cl")) {
            if (in == null) {
                throw new IllegalStateException("the source of " + operation + " is missing");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Operation operation(String name, List<Operand> operands, List<Scalar> scalars, Contract contract) {
        return new Operation(name, 1, operands, scalars, Determinism.BITWISE_ANY_KIND, true, contract, Map.of());
    }

    private static List<Operand> pairwise() {
        return List.of(read("x", ElementType.F32), read("y", ElementType.F32), write("out", ElementType.F32));
    }

    private static Operand read(String name, ElementType type) {
        return new Operand(name, type, Access.READ);
    }

    private static Operand write(String name, ElementType type) {
        return new Operand(name, type, Access.WRITE);
    }

    private static List<Scalar> integers(String... names) {
        return java.util.Arrays.stream(names)
                .map(name -> new Scalar(name, ElementType.I64))
                .toList();
    }
}
