package dev.ingot.benchmarks;

import java.util.List;

/** All kernels, from plain arithmetic to threads. */
final class Kernels {
    private Kernels() {}

    static List<Kernel> all() {
        return List.of(
                new Kernel("fib", 40, ArithmeticKernels::fib),
                new Kernel("matmul", 100, ArithmeticKernels::matmul),
                new Kernel("saxpy", 800, ArithmeticKernels::saxpy),
                new Kernel("nqueens", 300, ArithmeticKernels::queens),
                new Kernel("hashmap", 30, ObjectKernels::hashMap),
                new Kernel("strings", 60, ObjectKernels::strings),
                new Kernel("objectgraph", 60, ObjectKernels::objectGraph),
                new Kernel("iterator", 100, ObjectKernels::iterator),
                new Kernel("values", 40, ObjectKernels::values),
                new Kernel("streams", 100, ObjectKernels::streams),
                new Kernel("monitors", 500, ThreadKernels::monitors),
                new Kernel("handoff", 40, ThreadKernels::handOff));
    }

    static Kernel named(String name) {
        for (Kernel kernel : all()) {
            if (kernel.name().equals(name)) {
                return kernel;
            }
        }
        throw new IllegalArgumentException("no kernel is called '" + name + "'; there are "
                + String.join(", ", all().stream().map(Kernel::name).toList()));
    }
}
