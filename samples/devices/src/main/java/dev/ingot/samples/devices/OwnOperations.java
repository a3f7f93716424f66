package dev.ingot.samples.devices;

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
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What the net needs beside the standard operations: each with its meaning in Java, and in OpenCL C for devices that take it. */
final class OwnOperations {
    /** out = x where x is positive, otherwise 0. Scalar n. */
    static final Operation RAMP = operation("ramp", List.of("x"), List.of("n"), new Ramp(), """
            __kernel void operation(__global const float *x, __global float *out, const long n, const long first) {
                const long i = first + (long) get_global_id(0);
                out[i] = x[i] > 0 ? x[i] : 0;
            }
            """);

    /** out = slope where x is positive, otherwise 0. Scalar n. */
    static final Operation RAMP_SLOPE =
            operation("ramp-slope", List.of("x", "slope"), List.of("n"), new RampSlope(), """
            __kernel void operation(__global const float *x, __global const float *slope, __global float *out,
                                    const long n, const long first) {
                const long i = first + (long) get_global_id(0);
                out[i] = x[i] > 0 ? slope[i] : 0;
            }
            """);

    /** out[width, height] from x[height, width]. An item is a row of out. */
    static final Operation TRANSPOSE =
            operation("transpose", List.of("x"), List.of("height", "width"), new Transpose(), """
            __kernel void operation(__global const float *x, __global float *out, const long height, const long width,
                                    const long first) {
                const long row = first + (long) get_global_id(0);
                for (long i = 0; i < height; i++) {
                    out[row * height + i] = x[i * width + row];
                }
            }
            """);

    private OwnOperations() {}

    private static Operation operation(
            String name, List<String> read, List<String> numbers, Contract contract, String source) {
        List<Operand> operands = Stream.concat(
                        read.stream().map(each -> new Operand(each, ElementType.F32, Access.READ)),
                        Stream.of(new Operand("out", ElementType.F32, Access.WRITE)))
                .toList();
        List<Scalar> scalars =
                numbers.stream().map(each -> new Scalar(each, ElementType.I64)).toList();
        return new Operation(
                "digits." + name,
                1,
                operands,
                scalars,
                Determinism.BITWISE_ANY_KIND,
                true,
                contract,
                Map.of(KernelFormat.OPENCL_C, source));
    }

    /** An item is an element. */
    private abstract static class Pointwise implements Contract {
        @Override
        public long items(Scalars scalars) {
            return scalars.integer("n");
        }

        @Override
        public long elements(int operand, Scalars scalars) {
            return scalars.integer("n");
        }
    }

    private static final class Ramp extends Pointwise {
        @Override
        public void compute(List<HostMemory> operands, Scalars scalars, long from, long to) {
            for (long at = 4 * from; at < 4 * to; at += 4) {
                float x = operands.get(0).getFloat(at);
                operands.get(1).putFloat(at, x > 0 ? x : 0);
            }
        }
    }

    private static final class RampSlope extends Pointwise {
        @Override
        public void compute(List<HostMemory> operands, Scalars scalars, long from, long to) {
            for (long at = 4 * from; at < 4 * to; at += 4) {
                float slope = operands.get(1).getFloat(at);
                operands.get(2).putFloat(at, operands.get(0).getFloat(at) > 0 ? slope : 0);
            }
        }
    }

    private static final class Transpose implements Contract {
        @Override
        public long items(Scalars scalars) {
            return scalars.integer("width");
        }

        @Override
        public long elements(int operand, Scalars scalars) {
            return Math.multiplyExact(scalars.integer("height"), scalars.integer("width"));
        }

        @Override
        public void compute(List<HostMemory> operands, Scalars scalars, long from, long to) {
            long height = scalars.integer("height");
            long width = scalars.integer("width");
            for (long row = from; row < to; row++) {
                for (long i = 0; i < height; i++) {
                    float x = operands.get(0).getFloat(4 * (i * width + row));
                    operands.get(1).putFloat(4 * (row * height + i), x);
                }
            }
        }
    }
}
