package dev.ingot.accelerator.operation;

import java.util.List;
import java.util.Map;
import java.util.Objects;

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
 */
public record Operation(
        String name,
        int version,
        List<Operand> operands,
        List<Scalar> scalars,
        Determinism determinism,
        boolean restartable,
        Contract contract,
        Map<KernelFormat, String> variants) {

    public Operation {
        Objects.requireNonNull(name);
        Objects.requireNonNull(contract);
        if (version < 1) {
            throw new IllegalArgumentException("operation " + name + " cannot have version " + version);
        }
        operands = List.copyOf(operands);
        scalars = List.copyOf(scalars);
        variants = Map.copyOf(variants);
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
        return new Operation(name, version, operands, scalars, determinism, restartable, contract, more);
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
