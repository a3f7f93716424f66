package dev.ingot.scheduler.etcd;

import java.io.IOException;

/** What etcd refused, by the codes of gRPC. */
final class EtcdException extends IOException {
    static final int NOT_FOUND = 5;

    private static final int DEADLINE_EXCEEDED = 4;
    private static final int UNAVAILABLE = 14;
    private static final long serialVersionUID = 1L;

    private final int code;

    EtcdException(int code, String message) {
        super("etcd: " + message);
        this.code = code;
    }

    int code() {
        return code;
    }

    /** Whether another member, or this one later, may do what was asked. */
    boolean isPassing() {
        return code == UNAVAILABLE || code == DEADLINE_EXCEEDED;
    }
}
