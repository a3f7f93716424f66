/** Tests of models as operations. */
@NullMarked
package dev.ingot.accelerator.graph;

import org.jspecify.annotations.NullMarked;
