/** Tests of the OpenCL backend, on the first device there is. */
@NullMarked
package dev.ingot.accelerator.opencl;

import org.jspecify.annotations.NullMarked;
