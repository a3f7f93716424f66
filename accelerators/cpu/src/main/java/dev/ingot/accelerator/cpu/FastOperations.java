package dev.ingot.accelerator.cpu;

import dev.ingot.accelerator.memory.HostMemory;
import dev.ingot.accelerator.operation.Operation;
import dev.ingot.accelerator.operation.Scalars;
import dev.ingot.accelerator.standard.StandardOperations;
import java.util.List;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/** Knows better code than the reference for some operations; to the bit the same results. Used by one thread at a time. */
final class FastOperations {
    private final @Nullable GemmKernel kernel =
            ServiceLoader.load(GemmKernel.class, FastOperations.class.getClassLoader()).stream()
                    .map(ServiceLoader.Provider::get)
                    .filter(GemmKernel::isPossible)
                    .findFirst()
                    .orElse(null);

    Range prepare(Operation operation, List<HostMemory> operands, Scalars scalars) {
        if (operation.identity().equals(StandardOperations.GEMM_F32.identity())) {
            if (kernel != null && PanelGemm.fits(kernel, scalars)) {
                return new PanelGemm(kernel, operands, scalars);
            }
            if (Gemm.fits(scalars)) {
                return new Gemm(operands, scalars);
            }
        }
        return (from, to) -> operation.contract().compute(operands, scalars, from, to);
    }
}
