package dev.ingot.core.heap;

/** Stands for the static fields of a class among the objects of a walk. */
final class StaticsOf {
    final Class<?> type;

    StaticsOf(Class<?> type) {
        this.type = type;
    }
}
