package dev.ingot.core.heap;

/** A walk met an object that cannot be part of an image. */
final class StoppedWalkException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Object object;
    private final NotCapturableException problem;

    StoppedWalkException(Object object, NotCapturableException problem) {
        super(problem);
        this.object = object;
        this.problem = problem;
    }

    Object object() {
        return object;
    }

    NotCapturableException problem() {
        return problem;
    }
}
