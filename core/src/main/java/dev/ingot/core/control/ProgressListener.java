package dev.ingot.core.control;

/** Hears how a request comes along. Methods return at once and never throw. */
public interface ProgressListener {
    /** Hears nothing. */
    ProgressListener NONE = new ProgressListener() {
        @Override
        public void progress(String phase, int percent) {}

        @Override
        public void log(String message) {}
    };

    /** {@code percent} of the named phase is done; -1 where that is not known. */
    void progress(String phase, int percent);

    /** Something the user should read. */
    void log(String message);
}
