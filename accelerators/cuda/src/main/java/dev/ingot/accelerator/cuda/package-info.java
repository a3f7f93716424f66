/**
 * NVIDIA's GPUs as accelerators, by the CUDA driver and its run-time compiler. The calls need {@code java.lang.foreign}, so a JDK 22 or
 * later; on an older one there are no devices, and the diagnostics say why.
 */
@NullMarked
package dev.ingot.accelerator.cuda;

import org.jspecify.annotations.NullMarked;
