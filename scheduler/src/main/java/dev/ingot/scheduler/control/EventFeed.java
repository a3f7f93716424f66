package dev.ingot.scheduler.control;

import dev.ingot.scheduler.pool.PoolEvent;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Events on their way to one client, in whatever protocol. A client that is too slow holds up nobody: the next events are fetched only
 * when it has taken the last; what has been forgotten by then is told as a gap. Thread-safe.
 */
public final class EventFeed {
    private static final int BATCH = 4096;

    /** Where the events go. Called by its own executor alone, one call after the other. */
    public interface Sink {
        /** Carries out what concerns this client, one after the other. */
        Executor executor();

        /** Whether it takes more now; when that becomes true, {@link EventFeed#wake} is to be called. */
        boolean isReady();

        void event(PoolEvent event);

        /** There are so many events, the last of them with this number, which nobody knows any more. */
        void gap(long last, long missing);

        /** So much for now. */
        void flush();

        /**
         * There will be no more.
         *
         * @param reason null if all has been told that was asked for
         */
        void end(@Nullable Refusal reason);
    }

    private final ControlPlane plane;
    private final EventHub hub;
    private final Sink sink;
    private final Predicate<PoolEvent> visible;
    private final boolean follow;
    /* The sink's executor alone looks at these. */
    private long sequence;
    private boolean fetching;
    private boolean wokenMeanwhile;
    private boolean ended;

    /** @param after the number of the newest event that the client has */
    EventFeed(ControlPlane plane, EventHub hub, Sink sink, Predicate<PoolEvent> visible, boolean follow, long after) {
        this.plane = plane;
        this.hub = hub;
        this.sink = sink;
        this.visible = visible;
        this.follow = follow;
        this.sequence = after;
    }

    /** There may be something new, or room for it. */
    public void wake() {
        sink.executor().execute(this::fetch);
    }

    /** The client wants no more. */
    public void close() {
        sink.executor().execute(this::forget);
    }

    /** Ends what has not ended yet. */
    void fail(Refusal reason) {
        sink.executor().execute(() -> finish(reason));
    }

    private void forget() {
        ended = true;
        hub.remove(this);
    }

    private void fetch() {
        if (fetching) {
            wokenMeanwhile = true;
        } else if (!ended && sink.isReady()) {
            fetching = true;
            wokenMeanwhile = false;
            long after = sequence;
            Object unused = plane.look((pool, now) -> pool.eventsAfter(after, BATCH))
                    .whenComplete((events, failure) -> sink.executor().execute(() -> deliver(events)));
        }
    }

    private void deliver(@Nullable List<PoolEvent> events) {
        fetching = false;
        if (ended) {
            return;
        }
        if (events == null) {
            finish(new Refusal(Reply.INTERNAL_ERROR, "the events cannot be read"));
            return;
        }
        for (PoolEvent event : events) {
            if (event.sequence() > sequence + 1) {
                sink.gap(event.sequence() - 1, event.sequence() - sequence - 1);
            }
            sequence = event.sequence();
            if (visible.test(event)) {
                sink.event(event);
            }
        }
        sink.flush();
        if (!events.isEmpty() || wokenMeanwhile) {
            fetch();
        } else if (!follow) {
            finish(null);
        }
    }

    private void finish(@Nullable Refusal reason) {
        if (!ended) {
            forget();
            sink.end(reason);
        }
    }
}
