package dev.ingot.grpc;

import io.grpc.Status;

/** A stream of answers that has not ended. */
interface OpenStream {
    /** Ends it so, if it has not ended by itself. From any thread. */
    void end(Status status);
}
