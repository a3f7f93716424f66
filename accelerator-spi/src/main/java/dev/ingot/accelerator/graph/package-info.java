/** Models of ONNX as operations, with a reference in Java. Model files may be hostile. */
@NullMarked
package dev.ingot.accelerator.graph;

import org.jspecify.annotations.NullMarked;
