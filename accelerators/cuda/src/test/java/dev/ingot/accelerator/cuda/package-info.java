/** Tests of the CUDA backend, on a GPU where there is one and on a stand-in everywhere. */
@NullMarked
package dev.ingot.accelerator.cuda;

import org.jspecify.annotations.NullMarked;
