package dev.ingot.core.heap;

/** Stands for the protection domain and the class data of a class among the objects of a walk. */
final class AttachmentsOf {
    final Class<?> type;

    AttachmentsOf(Class<?> type) {
        this.type = type;
    }
}
