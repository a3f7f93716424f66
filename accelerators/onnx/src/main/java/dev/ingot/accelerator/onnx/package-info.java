/**
 * ONNX Runtime as an accelerator: an engine that runs graphs of operators. It has a fixed set of operations, each of which is a graph
 * here, and takes no others.
 */
@NullMarked
package dev.ingot.accelerator.onnx;

import org.jspecify.annotations.NullMarked;
