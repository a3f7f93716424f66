package dev.ingot.scheduler.control;

import dev.ingot.core.json.JsonWriter;
import dev.ingot.scheduler.pool.PoolEvent;
import dev.ingot.scheduler.wire.PoolJson;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Events on their way to one client, as lines of JSON or as server-sent events. A client that is too slow holds up nobody: the next
 * events are fetched only when it has taken the last; what has been forgotten by then is told as a gap. Confined to the event loop of
 * the connection, but for {@link #wake}.
 */
final class EventStream {
    private static final int BATCH = 256;
    private static final int SCAN_BATCHES = 16;
    private static final long HEARTBEAT_SECONDS = 10;

    private final ControlPlane plane;
    private final ChannelHandlerContext context;
    private final Predicate<PoolEvent> visible;
    private final boolean serverSent;
    private final boolean follow;
    private long sequence;
    private boolean fetching;
    private boolean wokenMeanwhile;
    private boolean ended;
    private @Nullable ScheduledFuture<?> heartbeat;

    /** @param after the number of the newest event that the client has */
    EventStream(
            ControlPlane plane,
            ChannelHandlerContext context,
            Predicate<PoolEvent> visible,
            boolean serverSent,
            boolean follow,
            long after) {
        this.plane = plane;
        this.context = context;
        this.visible = visible;
        this.serverSent = serverSent;
        this.follow = follow;
        this.sequence = after;
    }

    /** Begins; the head of the answer has been written. */
    void start() {
        if (follow) {
            heartbeat = context.executor()
                    .scheduleAtFixedRate(
                            () -> write(serverSent ? ":\n\n" : "\n"),
                            HEARTBEAT_SECONDS,
                            HEARTBEAT_SECONDS,
                            TimeUnit.SECONDS);
        }
        fetch();
    }

    /** There may be something new. From any thread. */
    void wake() {
        context.executor().execute(this::fetch);
    }

    void end() {
        ended = true;
        if (heartbeat != null) {
            heartbeat.cancel(false);
        }
    }

    private void fetch() {
        if (fetching) {
            wokenMeanwhile = true;
        } else if (!ended && context.channel().isWritable()) {
            fetching = true;
            wokenMeanwhile = false;
            long after = sequence;
            Object unused = plane.look((pool, now) -> pool.eventsAfter(after, BATCH * SCAN_BATCHES))
                    .whenComplete((events, failure) -> context.executor().execute(() -> deliver(events)));
        }
    }

    private void deliver(@Nullable List<PoolEvent> events) {
        fetching = false;
        if (events == null || ended) {
            finish();
            return;
        }
        StringBuilder text = new StringBuilder();
        for (PoolEvent event : events) {
            if (event.sequence() > sequence + 1) {
                append(text, event.sequence() - 1, gap(event.sequence() - sequence - 1));
            }
            sequence = event.sequence();
            if (visible.test(event)) {
                append(text, sequence, json(event));
            }
        }
        write(text.toString());
        if (!events.isEmpty() || wokenMeanwhile) {
            fetch();
        } else if (!follow) {
            finish();
        }
    }

    private void append(StringBuilder text, long number, String json) {
        if (serverSent) {
            text.append("id: ").append(number).append("\ndata: ").append(json).append("\n\n");
        } else {
            text.append(json).append('\n');
        }
    }

    private static String gap(long missing) {
        return JsonWriter.compact().member("missing", missing).finish();
    }

    private static String json(PoolEvent event) {
        JsonWriter json = JsonWriter.compact();
        PoolJson.event(json, event);
        return json.finish();
    }

    private void write(String text) {
        if (!text.isEmpty() && !ended) {
            Object unused =
                    context.writeAndFlush(new DefaultHttpContent(Unpooled.copiedBuffer(text, StandardCharsets.UTF_8)));
        }
    }

    private void finish() {
        if (!ended) {
            end();
            Object unused =
                    context.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT).addListener(ChannelFutureListener.CLOSE);
        }
    }
}
