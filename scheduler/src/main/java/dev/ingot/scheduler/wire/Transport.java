package dev.ingot.scheduler.wire;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;

/** Carries HTTP requests to a pool. Thread-safe. */
interface Transport {
    /** A whole answer. */
    final class Answer {
        private final int status;
        private final byte[] body;

        Answer(int status, byte[] body) {
            this.status = status;
            this.body = body;
        }

        int status() {
            return status;
        }

        byte[] body() {
            return body;
        }
    }

    /**
     * Sends a request and waits for the answer.
     *
     * @param body empty for none
     */
    Answer exchange(String method, String path, Map<String, String> headers, byte[] body)
            throws IOException, PoolException;

    /** Asks for something that has no end; the caller closes it. */
    InputStream open(String path) throws IOException, PoolException;

    /** What there is at the other end, for messages. */
    String place();
}
