package dev.ingot.scheduler.control;

import dev.ingot.scheduler.access.Identity;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Everybody who is told events, to be woken when there are some. Thread-safe. */
final class EventHub implements AutoCloseable {
    private static final int MOST = 256;

    private final ControlPlane plane;
    private final Set<EventFeed> feeds = ConcurrentHashMap.newKeySet();

    EventHub(ControlPlane plane) {
        this.plane = plane;
        plane.onEvents(() -> feeds.forEach(EventFeed::wake));
    }

    /**
     * One more, which begins when it is woken first.
     *
     * @throws Refusal if there is no room for it
     */
    EventFeed open(Identity who, long after, boolean follow, EventFeed.Sink sink) {
        EventFeed feed = new EventFeed(plane, this, sink, event -> Operations.mayHear(who, event), follow, after);
        if (feeds.size() >= MOST) {
            throw new Refusal(Reply.UNAVAILABLE, "too many follow the events; try again later");
        }
        feeds.add(feed);
        return feed;
    }

    void remove(EventFeed feed) {
        feeds.remove(feed);
    }

    @Override
    public void close() {
        Refusal reason = new Refusal(
                Reply.UNAVAILABLE, "this scheduler ends; ask again, here or where another one has taken over");
        feeds.forEach(feed -> feed.fail(reason));
    }
}
