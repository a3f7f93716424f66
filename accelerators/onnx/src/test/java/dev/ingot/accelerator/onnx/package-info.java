/** Tests of the backend that has ONNX Runtime. */
@NullMarked
package dev.ingot.accelerator.onnx;

import org.jspecify.annotations.NullMarked;
