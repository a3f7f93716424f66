package dev.ingot.node;

import dev.ingot.scheduler.wire.ImageParts;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.timeout.IdleStateEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Answers the requests of one connection, one after the other. */
final class ImageRequests extends SimpleChannelInboundHandler<FullHttpRequest> {
    private static final Pattern PATH = Pattern.compile("/v1/images/([^/]{1,120})/([^/]{1,100})/([^/]{1,30})");
    private static final String BEARER = "Bearer ";
    private static final int MOST_PARAMETERS = 8;
    private static final byte[] NOTHING = {};

    private final ImageServer server;
    private final Executor readers;

    ImageRequests(ImageServer server, Executor readers) {
        this.server = server;
        this.readers = readers;
    }

    /** An answer other than bytes. */
    private static final class Refusal extends Exception {
        private static final long serialVersionUID = 1L;

        private final transient HttpResponseStatus status;

        Refusal(HttpResponseStatus status) {
            this.status = status;
        }
    }

    private record Wanted(Path image, String part, long from, int length) {}

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
        context.channel().config().setAutoRead(false);
        try {
            Wanted wanted = wanted(request);
            boolean keepAlive = HttpUtil.isKeepAlive(request);
            readers.execute(() -> read(context, wanted, keepAlive));
        } catch (Refusal refusal) {
            answer(context, refusal.status, NOTHING, false);
        } catch (RejectedExecutionException full) {
            answer(context, HttpResponseStatus.SERVICE_UNAVAILABLE, NOTHING, false);
        }
    }

    private Wanted wanted(FullHttpRequest request) throws Refusal {
        if (request.decoderResult().isFailure()) {
            throw new Refusal(HttpResponseStatus.BAD_REQUEST);
        }
        try {
            QueryStringDecoder target =
                    new QueryStringDecoder(request.uri(), StandardCharsets.UTF_8, true, MOST_PARAMETERS);
            Matcher path = PATH.matcher(target.path());
            if (!request.method().equals(HttpMethod.GET) || !path.matches()) {
                throw new Refusal(HttpResponseStatus.NOT_FOUND);
            }
            Map<String, List<String>> parameters = target.parameters();
            long epoch = number(parameters, "epoch");
            long from = number(parameters, "from");
            long length = number(parameters, "length");
            String receiver = text(parameters, "for");
            String ticket = request.headers().get(HttpHeaderNames.AUTHORIZATION, "");
            if (!ticket.startsWith(BEARER)
                    || !server.isGood(
                            ticket.substring(BEARER.length()), receiver, path.group(1), epoch, path.group(2))) {
                throw new Refusal(HttpResponseStatus.UNAUTHORIZED);
            }
            Path image = server.image(path.group(1), path.group(2));
            if (image == null || !ImageParts.isPack(path.group(3))) {
                throw new Refusal(HttpResponseStatus.NOT_FOUND);
            }
            return new Wanted(image, path.group(3), from, (int) Math.min(length, ImageParts.MOST_READ_BYTES));
        } catch (IllegalArgumentException malformed) {
            throw new Refusal(HttpResponseStatus.BAD_REQUEST);
        }
    }

    private static String text(Map<String, List<String>> parameters, String name) {
        List<String> values = parameters.getOrDefault(name, List.of());
        if (values.size() != 1) {
            throw new IllegalArgumentException(name);
        }
        return values.get(0);
    }

    private static long number(Map<String, List<String>> parameters, String name) {
        long number = Long.parseLong(text(parameters, name));
        if (number < 0) {
            throw new IllegalArgumentException(name);
        }
        return number;
    }

    private static void read(ChannelHandlerContext context, Wanted wanted, boolean keepAlive) {
        HttpResponseStatus status = HttpResponseStatus.OK;
        byte[] content = NOTHING;
        try {
            content = ImageParts.read(wanted.image(), wanted.part(), wanted.from(), wanted.length());
        } catch (IOException deletedMeanwhile) {
            status = HttpResponseStatus.NOT_FOUND;
        }
        HttpResponseStatus answered = status;
        byte[] bytes = content;
        context.executor().execute(() -> answer(context, answered, bytes, keepAlive));
    }

    private static void answer(
            ChannelHandlerContext context, HttpResponseStatus status, byte[] content, boolean keepAlive) {
        DefaultFullHttpResponse response =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.wrappedBuffer(content));
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, "application/octet-stream")
                .setInt(HttpHeaderNames.CONTENT_LENGTH, content.length)
                .set(HttpHeaderNames.CACHE_CONTROL, "no-store");
        if (!keepAlive) {
            response.headers().set(HttpHeaderNames.CONNECTION, "close");
        }
        ChannelFuture written = context.writeAndFlush(response);
        ChannelFutureListener next = keepAlive ? ImageRequests::readOn : ChannelFutureListener.CLOSE;
        Object unused = written.addListener(next);
    }

    /** Not before the answer is out: whoever asks on and never reads would have all answers wait in this node's memory. */
    private static void readOn(ChannelFuture written) {
        if (written.isSuccess()) {
            written.channel().config().setAutoRead(true);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof IdleStateEvent) {
            Object unused = context.close();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        // A node that went away, or somebody who does not speak HTTP or TLS.
        Object unused = context.close();
    }
}
