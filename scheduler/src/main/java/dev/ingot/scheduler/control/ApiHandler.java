package dev.ingot.scheduler.control;

import dev.ingot.scheduler.access.Identity;
import dev.ingot.scheduler.access.Role;
import dev.ingot.scheduler.wire.PoolClient;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/** One client's connection: reads a request, has it answered, reads the next. Confined to the connection's event loop. */
final class ApiHandler extends SimpleChannelInboundHandler<FullHttpRequest> {
    /** For a whole request to come in, and between two. */
    private static final long PATIENCE_SECONDS = 60;

    private static final String EVENT_STREAM = "text/event-stream";
    private static final List<String> TYPES = List.of(Reply.JSON, "application/yaml", Reply.BYTES);

    private final Api api;
    private final Gate gate;
    private final Operations operations;
    /** Whether who comes is who may enter the pool's directory. */
    private final boolean local;

    private String address = "socket";
    private boolean counted;
    private @Nullable ScheduledFuture<?> impatience;
    private @Nullable EventStream stream;
    private @Nullable EventFeed feed;

    ApiHandler(Api api, Gate gate, Operations operations, boolean local) {
        this.api = api;
        this.gate = gate;
        this.operations = operations;
        this.local = local;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        if (context.channel().remoteAddress() instanceof InetSocketAddress remote) {
            address = remote.getAddress().getHostAddress();
        }
        counted = local || gate.connected(address);
        if (counted) {
            awaitRequest(context);
        } else {
            Object unused = context.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        stopWaiting();
        if (counted && !local) {
            gate.disconnected(address);
        }
        if (stream != null) {
            stream.stop();
        }
        if (feed != null) {
            feed.close();
        }
    }

    /** Whoever sends a byte a minute would otherwise keep its connection for ever. */
    private void awaitRequest(ChannelHandlerContext context) {
        stopWaiting();
        Runnable close = () -> {
            Object unused = context.close();
        };
        impatience = context.executor().schedule(close, PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private void stopWaiting() {
        if (impatience != null) {
            impatience.cancel(false);
        }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
        stopWaiting();
        context.channel().config().setAutoRead(false);
        boolean keepAlive = HttpUtil.isKeepAlive(request);
        try {
            if (request.decoderResult().isFailure()) {
                throw new Refusal(Reply.BAD_REQUEST, "this is not HTTP as it should be");
            }
            answer(context, request, keepAlive);
        } catch (Refusal refusal) {
            // What was not understood, or is too much, may be followed by anything.
            write(context, refusal.reply(), false);
        }
    }

    private void answer(ChannelHandlerContext context, FullHttpRequest request, boolean keepAlive) {
        QueryStringDecoder target = decode(request.uri());
        String method = request.method().name();
        if (!local) {
            requireSameOrigin(request.headers());
        }
        Api.Match match;
        try {
            match = api.find(method, target.path());
        } catch (Refusal unknown) {
            if (!local) {
                gate.requireFewStrangers(address);
            }
            throw unknown;
        }
        Operation operation = match.route().operation();
        Client client = new Client(identify(context, request, operation), local ? null : address);
        requireForm(request);
        Call call = new Call(
                client.who(),
                match.variables(),
                query(target),
                request.headers().get(PoolClient.IDEMPOTENCY_KEY),
                client.address(),
                new Content(ByteBufUtil.getBytes(request.content())));
        String what = method + " " + target.path();
        if (operation == Operation.EVENTS) {
            gate.requireRole(client, operation, what);
            stream(context, call, request);
            return;
        }
        Object unused = gate.carryOut(client, operation, what, who -> Api.answer(match.route(), call), Reply::text)
                .whenComplete((reply, failure) -> {
                    Reply told = failure == null ? reply : Refusal.of(failure).reply();
                    context.executor().execute(() -> write(context, told, keepAlive));
                });
    }

    private Identity identify(ChannelHandlerContext context, FullHttpRequest request, Operation operation) {
        if (operation.needed() == null) {
            if (!local) {
                gate.requireFewStrangers(address);
            }
            return new Identity("nobody", Role.VIEWER, "");
        }
        return local
                ? Identity.OWNER
                : gate.identify(request.headers().get(HttpHeaderNames.AUTHORIZATION), certificate(context), address);
    }

    private static QueryStringDecoder decode(String uri) {
        try {
            QueryStringDecoder decoder = new QueryStringDecoder(uri, StandardCharsets.UTF_8, true, 16);
            decoder.path();
            decoder.parameters();
            return decoder;
        } catch (IllegalArgumentException malformed) {
            throw new Refusal(Reply.BAD_REQUEST, "the request's address is malformed");
        }
    }

    private static Map<String, String> query(QueryStringDecoder target) {
        Map<String, String> query = new HashMap<>();
        for (Map.Entry<String, List<String>> parameter : target.parameters().entrySet()) {
            if (parameter.getValue().size() != 1) {
                throw new Refusal(Reply.BAD_REQUEST, "parameter '" + parameter.getKey() + "' is given twice");
            }
            query.put(parameter.getKey(), parameter.getValue().get(0));
        }
        return query;
    }

    /** A page of another origin may have a browser send requests, with a certificate even; such requests say where they are from. */
    private static void requireSameOrigin(HttpHeaders headers) {
        String origin = headers.get(HttpHeaderNames.ORIGIN);
        if (origin == null) {
            return;
        }
        try {
            String authority = URI.create(origin).getRawAuthority();
            if (authority != null && authority.equals(headers.get(HttpHeaderNames.HOST))) {
                return;
            }
        } catch (IllegalArgumentException malformed) {
            // Refused below.
        }
        throw new Refusal(Reply.FORBIDDEN, "requests of pages from elsewhere are not answered");
    }

    /** Forms of web pages cannot send these types without being asked first. */
    private void requireForm(FullHttpRequest request) {
        if (local || !request.content().isReadable()) {
            return;
        }
        CharSequence type = HttpUtil.getMimeType(request);
        String name = type == null ? "" : type.toString().toLowerCase(Locale.ROOT);
        if (!TYPES.contains(name)) {
            throw new Refusal(Reply.UNSUPPORTED_MEDIA_TYPE, "send one of " + TYPES + ", not '" + name + "'");
        }
    }

    private static @Nullable String certificate(ChannelHandlerContext context) {
        SslHandler tls = context.pipeline().get(SslHandler.class);
        if (tls == null) {
            return null;
        }
        try {
            return tls.engine().getSession().getPeerPrincipal().getName();
        } catch (SSLPeerUnverifiedException none) {
            return null;
        }
    }

    private void stream(ChannelHandlerContext context, Call call, FullHttpRequest request) {
        HttpHeaders headers = request.headers();
        boolean serverSent = headers.contains(HttpHeaderNames.ACCEPT, EVENT_STREAM, true);
        long after = call.number("after", 0, Long.MAX_VALUE);
        String last = headers.get("Last-Event-ID");
        if (serverSent && last != null && last.matches("[0-9]{1,18}")) {
            after = Long.parseLong(last);
        }
        boolean follow = call.flag("follow");
        EventStream events = new EventStream(context, serverSent);
        EventFeed opened = operations.events(call.who(), after, follow, events);
        stream = events;
        feed = opened;
        HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        head.headers().set(HttpHeaderNames.CONTENT_TYPE, serverSent ? EVENT_STREAM : "application/x-ndjson");
        secure(head.headers());
        if (HttpUtil.isKeepAlive(request)) {
            HttpUtil.setTransferEncodingChunked(head, true);
        } else {
            // Its end is that of the connection.
            head.headers().set(HttpHeaderNames.CONNECTION, "close");
        }
        Object unused = context.writeAndFlush(head);
        // To notice that the client goes.
        context.channel().config().setAutoRead(true);
        if (follow) {
            events.startHeartbeat();
        }
        opened.wake();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (feed != null) {
            feed.wake();
        }
    }

    private static void secure(HttpHeaders headers) {
        headers.set("X-Content-Type-Options", "nosniff")
                .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
                .set("Referrer-Policy", "no-referrer");
    }

    private void write(ChannelHandlerContext context, Reply reply, boolean keepAlive) {
        DefaultFullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(reply.status()), Unpooled.wrappedBuffer(reply.body()));
        HttpHeaders headers = response.headers();
        headers.set(HttpHeaderNames.CONTENT_TYPE, reply.type())
                .setInt(HttpHeaderNames.CONTENT_LENGTH, reply.body().length);
        secure(headers);
        reply.headers().forEach(headers::set);
        if (reply.status() == Reply.UNAUTHORIZED) {
            headers.set(HttpHeaderNames.WWW_AUTHENTICATE, "Bearer");
        } else if (reply.status() == Reply.TOO_MANY_REQUESTS || reply.status() == Reply.UNAVAILABLE) {
            headers.set(HttpHeaderNames.RETRY_AFTER, "1");
        }
        if (!keepAlive) {
            headers.set(HttpHeaderNames.CONNECTION, "close");
        }
        ChannelFuture written = context.writeAndFlush(response);
        if (keepAlive) {
            awaitRequest(context);
            context.channel().config().setAutoRead(true);
        } else {
            Object unused = written.addListener(ChannelFutureListener.CLOSE);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        // A client that went away, or that does not speak HTTP or TLS.
        Object unused = context.close();
    }
}
