package dev.ingot.scheduler.control;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;

/** Answers one request per connection. */
final class ApiHandler extends SimpleChannelInboundHandler<FullHttpRequest> {
    private final Api api;

    ApiHandler(Api api) {
        this.api = api;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
        String body = request.content().toString(StandardCharsets.UTF_8);
        Object unused = api.answer(request.method().name(), request.uri(), body).whenComplete((reply, failure) -> {
            if (failure == null) {
                write(context, reply);
            } else {
                write(context, Reply.error(Reply.INTERNAL_ERROR, "the pool failed: " + failure));
            }
        });
    }

    private static void write(ChannelHandlerContext context, Reply reply) {
        FullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                HttpResponseStatus.valueOf(reply.status()),
                Unpooled.copiedBuffer(reply.body(), StandardCharsets.UTF_8));
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, "application/json")
                .set(HttpHeaderNames.CONNECTION, "close")
                .setInt(HttpHeaderNames.CONTENT_LENGTH, response.content().readableBytes());
        Object unused = context.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        // A client that went away, or that does not speak HTTP.
        Object unused = context.close();
    }
}
