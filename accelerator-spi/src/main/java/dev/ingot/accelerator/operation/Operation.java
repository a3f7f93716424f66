package dev.ingot.accelerator.operation;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Something that devices compute, with a name and a version that stand for its exact meaning. Whoever changes the meaning, be it in
 * the last bit of a result, changes the version. Immutable, as long as the contract is.
 *
 * <h2>Forms</h2>
 *
 * The contract's Java code is the reference. A variant in {@link KernelFormat#OPENCL_C} is the source of a program with one kernel
 * named {@code operation}. Its arguments are the operands ({@code __global} pointers), then the scalars ({@code long} or
 * {@code float}), then {@code const long first}. It is started with one work item for each item of a range; work item {@code g}
 * computes item {@code first + g}.
 *
 * @param name such as {@code gemm.f32}
 * @param version from 1 on
 * @param operands the buffers
 * @param scalars the numbers
 * @param determinism how far devices must agree that claim to have this operation
 * @param restartable whether an item may be computed a second time, which is so if no operand is both read and written. Otherwise
 *     the operation runs in one piece
 * @param contract what it means
 * @param variants source texts for devices that take them
 * @param tolerance how far floats may be from the contract on a device that computes a variant, where that need not be the same to the bit
 *     on any kind; null if nothing is declared, which {@link Determinism#TOLERANCE} does not do with
 */
public record Operation(
        String name,
        int version,
        List<Operand> operands,
        List<Scalar> scalars,
        Determinism determinism,
        boolean restartable,
        Contract contract,
        Map<KernelFormat, String> variants,
        @Nullable Tolerance tolerance) {

    public Operation {
        Objects.requireNonNull(name);
        Objects.requireNonNull(contract);
        if (version < 1) {
            throw new IllegalArgumentException("operation " + name + " cannot have version " + version);
        }
        if (determinism == Determinism.TOLERANCE && tolerance == null) {
            throw new IllegalArgumentException("operation " + name + " must say within which tolerance");
        }
        operands = List.copyOf(operands);
        scalars = List.copyOf(scalars);
        variants = Map.copyOf(variants);
    }

    /** An operation that does not say how far from its contract it may be. */
    public Operation(
            String name,
            int version,
            List<Operand> operands,
            List<Scalar> scalars,
            Determinism determinism,
            boolean restartable,
            Contract contract,
            Map<KernelFormat, String> variants) {
        this(name, version, operands, scalars, determinism, restartable, contract, variants, null);
    }

    /** Name and version in one, as in {@code gemm.f32@1}. */
    public String identity() {
        return name + "@" + version;
    }

    /** The same with a variant more. */
    public Operation with(KernelFormat format, String source) {
        Map<KernelFormat, String> more = new java.util.EnumMap<>(KernelFormat.class);
        more.putAll(variants);
        more.put(format, source);
        return new Operation(name, version, operands, scalars, determinism, restartable, contract, more, tolerance);
    }

    /** How many bytes the operand of this number must have at least. */
    public long bytes(int operand, Scalars values) {
        return Math.multiplyExact(contract.elements(operand, values), (long)
                operands.get(operand).type().bytes());
    }

    @Override
    public String toString() {
        return identity();
    }
}
