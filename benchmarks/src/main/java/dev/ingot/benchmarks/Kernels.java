package dev.ingot.benchmarks;

import java.util.List;

/** All kernels, from plain arithmetic to threads. */
final class Kernels {
    private Kernels() {}

    static List<Kernel> all() {
        return List.of(
                new Kernel("fib", 400, ArithmeticKernels::fib),
                new Kernel("matmul", 400, ArithmeticKernels::matmul),
                new Kernel("saxpy", 3000, ArithmeticKernels::saxpy),
                new Kernel("nqueens", 2000, ArithmeticKernels::queens),
                new Kernel("hashmap", 60, ObjectKernels::hashMap),
                new Kernel("strings", 200, ObjectKernels::strings),
                new Kernel("objectgraph", 120, ObjectKernels::objectGraph),
                new Kernel("iterator", 600, ObjectKernels::iterator),
                new Kernel("values", 300, ObjectKernels::values),
                new Kernel("streams", 300, ObjectKernels::streams),
                new Kernel("monitors", 400, ThreadKernels::monitors),
                new Kernel("handoff", 100, ThreadKernels::handOff));
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
