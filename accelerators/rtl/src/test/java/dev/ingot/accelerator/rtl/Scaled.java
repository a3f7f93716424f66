package dev.ingot.accelerator.rtl;

import dev.ingot.accelerator.memory.HostMemory;
import dev.ingot.accelerator.operation.Access;
import dev.ingot.accelerator.operation.Contract;
import dev.ingot.accelerator.operation.Determinism;
import dev.ingot.accelerator.operation.ElementType;
import dev.ingot.accelerator.operation.KernelFormat;
import dev.ingot.accelerator.operation.Operand;
import dev.ingot.accelerator.operation.Operation;
import dev.ingot.accelerator.operation.Scalar;
import dev.ingot.accelerator.operation.Scalars;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A program's own operation: each number times a factor, plus its place. */
final class Scaled implements Contract {

    /** With that circuit. */
    static Operation operation(String circuit) {
        return new Operation(
                "scaled",
                1,
                List.of(
                        new Operand("in", ElementType.I64, Access.READ),
                        new Operand("out", ElementType.I64, Access.WRITE)),
                List.of(new Scalar("n", ElementType.I64), new Scalar("factor", ElementType.I64)),
                Determinism.BITWISE_ANY_KIND,
                true,
                new Scaled(),
                Map.of(KernelFormat.BITSTREAM, circuit));
    }

    static Scalars scalars(long n, long factor) {
        return Scalars.of("n", n).and("factor", factor);
    }

    /** One that computes it; it has no scan chain. */
    static String circuit() throws IOException {
        try (var source = Objects.requireNonNull(Scaled.class.getResourceAsStream("scaled.v"))) {
            return new String(source.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Override
    public long items(Scalars scalars) {
        return scalars.integer("n");
    }

    @Override
    public long elements(int operand, Scalars scalars) {
        return scalars.integer("n");
    }

    @Override
    public void compute(List<HostMemory> operands, Scalars scalars, long from, long to) {
        for (long i = from; i < to; i++) {
            operands.get(1).putLong(8 * i, operands.get(0).getLong(8 * i) * scalars.integer("factor") + i);
        }
    }
}
