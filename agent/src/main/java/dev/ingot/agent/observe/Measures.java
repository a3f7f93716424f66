package dev.ingot.agent.observe;

/**
 * What was measured about one checkpoint or resume.
 *
 * @param pauseNanos how long program threads stood still
 * @param threads program threads in the image
 * @param objects objects in the image
 * @param bytes size of the image
 */
record Measures(long pauseNanos, int threads, long objects, long bytes) {
    static final Measures NONE = new Measures(0, 0, 0, 0);

    Measures withPause(long nanos) {
        return new Measures(nanos, threads, objects, bytes);
    }
}
