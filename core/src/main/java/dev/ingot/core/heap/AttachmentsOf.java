package dev.ingot.core.heap;

/** Stands for the protection domain and the class data of a class among the objects of a walk. */
final class AttachmentsOf {
    private static final ClassValue<AttachmentsOf> OF_CLASS = new ClassValue<>() {
        @Override
        protected AttachmentsOf computeValue(Class<?> type) {
            return new AttachmentsOf(type);
        }
    };

    final Class<?> type;

    private AttachmentsOf(Class<?> type) {
        this.type = type;
    }

    /** The same one each time. */
    static AttachmentsOf of(Class<?> type) {
        return OF_CLASS.get(type);
    }
}
