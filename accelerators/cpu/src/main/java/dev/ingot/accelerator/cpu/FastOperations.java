package dev.ingot.accelerator.cpu;

import dev.ingot.accelerator.memory.HostMemory;
import dev.ingot.accelerator.operation.Operation;
import dev.ingot.accelerator.operation.Scalars;
import dev.ingot.accelerator.standard.StandardOperations;
import java.lang.ref.SoftReference;
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

    /** Of the last product, for its next step; what they take is given back before the heap is full. */
    private SoftReference<@Nullable Panels> panels = new SoftReference<>(null);

    Range prepare(Operation operation, List<CpuMemory> memories, Scalars scalars) {
        List<HostMemory> operands = memories.stream().map(CpuMemory::memory).toList();
        if (operation.identity().equals(StandardOperations.GEMM_F32.identity())) {
            if (kernel != null && PanelGemm.fits(kernel, scalars)) {
                return new PanelGemm(kernel, operands, panels(kernel, memories.get(1), scalars), scalars);
            }
            if (Gemm.fits(scalars)) {
                return new Gemm(operands, scalars);
            }
        }
        return (from, to) -> operation.contract().compute(operands, scalars, from, to);
    }

    private Panels panels(GemmKernel present, CpuMemory factor, Scalars scalars) {
        Panels last = panels.get();
        if (last != null && last.isOf(factor, scalars)) {
            return last;
        }
        Panels next = Panels.of(factor, present.panelWidth(), scalars);
        panels = new SoftReference<>(factor.isOwn() ? next : null);
        return next;
    }
}
