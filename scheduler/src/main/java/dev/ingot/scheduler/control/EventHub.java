package dev.ingot.scheduler.control;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Everybody who follows events, to be woken when there are some. Thread-safe. */
final class EventHub {
    private static final int MOST = 256;

    private final ControlPlane plane;
    private final Set<EventStream> streams = ConcurrentHashMap.newKeySet();

    EventHub(ControlPlane plane) {
        this.plane = plane;
        plane.onEvents(() -> streams.forEach(EventStream::wake));
    }

    ControlPlane plane() {
        return plane;
    }

    /** Whether there is room for one more. */
    boolean add(EventStream stream) {
        return streams.size() < MOST && streams.add(stream);
    }

    void remove(EventStream stream) {
        streams.remove(stream);
    }
}
