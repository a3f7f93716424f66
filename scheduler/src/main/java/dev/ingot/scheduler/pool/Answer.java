package dev.ingot.scheduler.pool;

/**
 * What a command led to.
 *
 * @param text the id of the workload or node it was about, or why it was refused
 */
public record Answer(boolean accepted, String text) {
    static Answer of(String id) {
        return new Answer(true, id);
    }

    static Answer refused(String reason) {
        return new Answer(false, reason);
    }
}
