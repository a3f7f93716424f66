package dev.ingot.core.heap;

/** Stands for the static fields of a class among the objects of a walk. */
final class StaticsOf {
    private static final ClassValue<StaticsOf> OF_CLASS = new ClassValue<>() {
        @Override
        protected StaticsOf computeValue(Class<?> type) {
            return new StaticsOf(type);
        }
    };

    final Class<?> type;

    StaticsOf(Class<?> type) {
        this.type = type;
    }

    /** The same one each time. */
    static StaticsOf of(Class<?> type) {
        return OF_CLASS.get(type);
    }
}
