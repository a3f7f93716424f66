package dev.ingot.api;

/** Is told how checkpoints and resumes ended. See {@link Ingot#listen}. */
@FunctionalInterface
public interface CheckpointListener {

    /** Called once per checkpoint, attempt or resume, on a thread of Ingot's. What it throws is logged. */
    void ended(CheckpointEvent event);
}
