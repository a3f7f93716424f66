package dev.ingot.scheduler.forward;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection, and the one by which it reaches the program. Confined to the forwarder's thread.
 *
 * <pre>
 *   HELD <-> CONNECTING -> OPEN -> CLOSED
 *     ^                     |                 as long as no byte has passed
 *     '---------------------'
 * </pre>
 *
 * Of each direction one buffer is on its way at most: the next one is read when that has been written.
 */
final class Relay {
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Entrance entrance;
    private final Channel client;
    private final EventLoop loop;

    private enum State {
        HELD,
        CONNECTING,
        OPEN,
        CLOSED
    }

    private State state = State.HELD;
    private @Nullable Channel program;
    private @Nullable Target target;
    private @Nullable ScheduledFuture<?> patience;
    private long notBeforeNanos = System.nanoTime();
    /** Whether the program may know of this connection by anything but its existence. */
    private boolean touched;
    /** Those that closed it untouched; it gets one more chance with each, since the program may have ended. */
    private final List<Target> closedBy = new ArrayList<>();
    /** Whether the last byte was one for the program. */
    private boolean unanswered;

    private boolean writingToClient;
    private long answeredNanos;
    private boolean clientEnded;
    private boolean programEnded;
    /** What came from the client while it is held, or while the program is about to be suspended and owes it nothing. */
    private @Nullable Object parked;

    Relay(Entrance entrance, Channel client, EventLoop loop) {
        this.entrance = entrance;
        this.client = client;
        this.loop = loop;
    }

    boolean isHeld() {
        return state == State.HELD;
    }

    boolean isOpen() {
        return state == State.OPEN;
    }

    boolean mayConnect(long nowNanos) {
        return state == State.HELD && nowNanos - notBeforeNanos >= 0;
    }

    /** The program at the other end; null if there is none. */
    @Nullable Target target() {
        return target;
    }

    boolean isBusy(long nowNanos) {
        boolean quiet = nowNanos - answeredNanos > entrance.limits().quiet().toNanos();
        return state == State.OPEN && touched && (unanswered || writingToClient || !quiet);
    }

    /* ---- Held ---- */

    void hold() {
        state = State.HELD;
        target = null;
        program = null;
        if (patience == null) {
            patience = loop.schedule(this::cut, entrance.patienceMillis(), TimeUnit.MILLISECONDS);
        }
    }

    void holdIfUntouched() {
        Channel other = program;
        if (state == State.OPEN && !touched && other != null) {
            leave(other);
        }
    }

    /** The program was not told anything by this connection, so another one can have it. */
    private void leave(Channel other) {
        hold();
        reset(other);
    }

    /** The program at the other end is gone, or may be. */
    void lose() {
        holdIfUntouched();
        if (state == State.OPEN) {
            cut();
        }
    }

    void connect(Target to) {
        state = State.CONNECTING;
        target = to;
        Object unused = entrance.connect(to, this).addListener((ChannelFutureListener) this::connected);
    }

    private void connected(ChannelFuture connected) {
        Channel other = connected.channel();
        Target wanted = target;
        if (state != State.CONNECTING) {
            reset(other);
        } else if (!connected.isSuccess()) {
            notBeforeNanos = System.nanoTime() + RETRY_NANOS;
            hold();
        } else if (wanted == null || !entrance.isCurrent(wanted)) {
            leave(other);
        } else {
            state = State.OPEN;
            program = other;
            stopWaiting();
            other.read();
            // Of the client, something has been read, or is being read.
            goOn();
            if (clientEnded) {
                sayNoMore(other);
            }
        }
    }

    private void stopWaiting() {
        if (patience != null) {
            patience.cancel(false);
            patience = null;
        }
    }

    /* ---- Open ---- */

    ChannelInboundHandlerAdapter clientSide() {
        return new Side() {
            @Override
            void read(Object bytes) {
                if (state != State.OPEN || (entrance.isDraining(target) && !unanswered)) {
                    parked = bytes;
                } else {
                    toProgram(bytes);
                }
            }

            @Override
            void ended() {
                clientEnded = true;
                Channel other = program;
                if (state == State.OPEN && other != null) {
                    sayNoMore(other);
                }
            }
        };
    }

    ChannelInboundHandlerAdapter programSide() {
        return new Side() {
            @Override
            void read(Object bytes) {
                touched = true;
                unanswered = false;
                answeredNanos = System.nanoTime();
                writingToClient = true;
                Channel from = program;
                write(client, bytes, () -> {
                    writingToClient = false;
                    answeredNanos = System.nanoTime();
                    if (from != null) {
                        from.read();
                    }
                });
            }

            @Override
            void ended() {
                if (!mayBeHeldAgain()) {
                    programEnded = true;
                    unanswered = false;
                    endOutput(client);
                }
            }

            @Override
            void broken() {
                if (!mayBeHeldAgain()) {
                    cut();
                }
            }
        };
    }

    private void sayNoMore(Channel to) {
        // It shows the program that there is somebody.
        touched = true;
        endOutput(to);
    }

    private void toProgram(Object bytes) {
        Channel to = program;
        if (to == null) {
            ReferenceCountUtil.release(bytes);
            return;
        }
        touched = true;
        unanswered = true;
        write(to, bytes, client::read);
    }

    /** What was kept back is carried on. */
    void goOn() {
        Object waiting = parked;
        parked = null;
        if (waiting != null && state == State.OPEN) {
            toProgram(waiting);
        } else {
            parked = waiting;
        }
    }

    private boolean mayBeHeldAgain() {
        Channel other = program;
        Target closing = target;
        if (state != State.OPEN
                || touched
                || other == null
                || closing == null
                || closedBy.stream().anyMatch(closing::isSameProgram)) {
            return false;
        }
        closedBy.add(closing);
        leave(other);
        return true;
    }

    private void write(Channel to, Object bytes, Runnable then) {
        Object unused = to.writeAndFlush(bytes).addListener(written -> {
            if (state == State.OPEN) {
                if (written.isSuccess()) {
                    then.run();
                } else {
                    cut();
                }
            }
        });
    }

    private void endOutput(@Nullable Channel to) {
        if (clientEnded && programEnded) {
            close();
        } else if (to instanceof DuplexChannel duplex) {
            // All that was read before has been written.
            Object unused = duplex.shutdownOutput();
        }
    }

    /* ---- Closed ---- */

    /** Ends both by a reset, unless the program has said all that it had to say. */
    void cut() {
        if (programEnded) {
            close();
        } else if (end()) {
            reset(client);
            if (program != null) {
                reset(program);
            }
        }
    }

    private void close() {
        if (end()) {
            Object unused = client.close();
            if (program != null) {
                unused = program.close();
            }
        }
    }

    /** @return whether it has not ended before */
    private boolean end() {
        if (state == State.CLOSED) {
            return false;
        }
        state = State.CLOSED;
        stopWaiting();
        ReferenceCountUtil.release(parked);
        parked = null;
        entrance.remove(this);
        return true;
    }

    /** Ends a connection so that its other end does not take that for the end of what was to be said. */
    static void reset(Channel channel) {
        if (channel.isOpen()) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
            Object unused = channel.close();
        }
    }

    /** What is heard of one of the two connections. */
    private abstract class Side extends ChannelInboundHandlerAdapter {
        abstract void read(Object bytes);

        abstract void ended();

        void broken() {
            cut();
        }

        private boolean concerns(ChannelHandlerContext context) {
            return state != State.CLOSED && (context.channel() == client || context.channel() == program);
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object bytes) {
            if (concerns(context)) {
                read(bytes);
            } else {
                ReferenceCountUtil.release(bytes);
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event == ChannelInputShutdownEvent.INSTANCE && concerns(context)) {
                ended();
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            if (concerns(context)) {
                broken();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            // A connection that broke.
            if (concerns(context)) {
                broken();
            }
        }
    }
}
