package dev.ingot.core.heap;

import java.util.List;

/**
 * What a heap stream was turned into.
 *
 * @param warnings differences between the classes of the image and those of this JVM that lost something, one sentence each
 */
public record RestoredHeap(Object root, List<String> warnings) {
    public RestoredHeap {
        warnings = List.copyOf(warnings);
    }
}
