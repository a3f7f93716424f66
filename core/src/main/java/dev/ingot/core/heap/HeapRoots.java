package dev.ingot.core.heap;

import java.util.List;

/**
 * Where the walk starts.
 *
 * @param root what the reader hands back; its own class and those of everything it holds must exist in the fresh JVM
 * @param classesWithStatics the initialised program classes, whose static fields become part of the image
 */
public record HeapRoots(Object root, List<Class<?>> classesWithStatics) {
    public HeapRoots {
        classesWithStatics = List.copyOf(classesWithStatics);
    }
}
