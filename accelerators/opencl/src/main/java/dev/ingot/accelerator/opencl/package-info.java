/** Whatever has an OpenCL driver as an accelerator. The calls are LWJGL's, and only ever made in a device host. */
@NullMarked
package dev.ingot.accelerator.opencl;

import org.jspecify.annotations.NullMarked;
