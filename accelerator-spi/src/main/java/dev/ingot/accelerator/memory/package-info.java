/** Memory of the host as kernels and backends see it. */
@NullMarked
package dev.ingot.accelerator.memory;

import org.jspecify.annotations.NullMarked;
