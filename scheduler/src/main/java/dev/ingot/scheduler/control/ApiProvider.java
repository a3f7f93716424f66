package dev.ingot.scheduler.control;

import java.io.IOException;

/** Serves pools in one protocol beside HTTP; found by {@link java.util.ServiceLoader}. Thread-safe. */
public interface ApiProvider {
    /** What the protocol is called, in small letters. */
    String protocol();

    /**
     * Begins to serve, until what is returned is closed, which is to be before the service is.
     *
     * @throws IOException if the port cannot be had, or a file that it needs cannot be used
     */
    ServedApi serve(PoolService service, Listen listen) throws IOException;
}
