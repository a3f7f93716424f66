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
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Events as lines of JSON or as server-sent events. Confined to the event loop of the connection. */
final class EventStream implements EventFeed.Sink {
    private static final long HEARTBEAT_SECONDS = 10;

    private final ChannelHandlerContext context;
    private final boolean serverSent;
    private final StringBuilder text = new StringBuilder();
    private boolean ended;
    private @Nullable ScheduledFuture<?> heartbeat;

    EventStream(ChannelHandlerContext context, boolean serverSent) {
        this.context = context;
        this.serverSent = serverSent;
    }

    /** Has those who wait on know that there still is somebody. */
    void startHeartbeat() {
        heartbeat = context.executor()
                .scheduleAtFixedRate(
                        () -> write(serverSent ? ":\n\n" : "\n"),
                        HEARTBEAT_SECONDS,
                        HEARTBEAT_SECONDS,
                        TimeUnit.SECONDS);
    }

    void stop() {
        ended = true;
        if (heartbeat != null) {
            heartbeat.cancel(false);
        }
    }

    @Override
    public Executor executor() {
        return context.executor();
    }

    @Override
    public boolean isReady() {
        return context.channel().isWritable();
    }

    @Override
    public void event(PoolEvent event) {
        JsonWriter json = JsonWriter.compact();
        PoolJson.event(json, event);
        append(event.sequence(), json.finish());
    }

    @Override
    public void gap(long last, long missing) {
        append(last, JsonWriter.compact().member("missing", missing).finish());
    }

    private void append(long number, String json) {
        if (serverSent) {
            text.append("id: ").append(number).append("\ndata: ").append(json).append("\n\n");
        } else {
            text.append(json).append('\n');
        }
    }

    @Override
    public void flush() {
        write(text.toString());
        text.setLength(0);
    }

    private void write(String content) {
        if (!content.isEmpty() && !ended) {
            Object unused = context.writeAndFlush(
                    new DefaultHttpContent(Unpooled.copiedBuffer(content, StandardCharsets.UTF_8)));
        }
    }

    /** The reason is not told: the answer has begun long ago. */
    @Override
    public void end(@Nullable Refusal reason) {
        stop();
        Object unused =
                context.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT).addListener(ChannelFutureListener.CLOSE);
    }
}
