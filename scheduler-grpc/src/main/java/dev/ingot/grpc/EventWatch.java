package dev.ingot.grpc;

import com.google.common.util.concurrent.MoreExecutors;
import dev.ingot.grpc.v1.WatchEventsResponse;
import dev.ingot.scheduler.control.EventFeed;
import dev.ingot.scheduler.control.Refusal;
import dev.ingot.scheduler.pool.PoolEvent;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Events on their way to one client. Its executor alone speaks to the client. */
final class EventWatch implements EventFeed.Sink, OpenStream {
    private final ServerCallStreamObserver<WatchEventsResponse> client;
    private final Executor executor;
    private final Consumer<OpenStream> whenEnded;
    private boolean ended;
    private volatile @Nullable EventFeed feed;

    EventWatch(
            ServerCallStreamObserver<WatchEventsResponse> client, Executor executor, Consumer<OpenStream> whenEnded) {
        this.client = client;
        this.executor = MoreExecutors.newSequentialExecutor(executor);
        this.whenEnded = whenEnded;
    }

    /** Begins. */
    void begin(EventFeed source) {
        feed = source;
        client.setOnReadyHandler(source::wake);
        client.setOnCancelHandler(() -> {
            source.close();
            whenEnded.accept(this);
        });
        source.wake();
    }

    @Override
    public Executor executor() {
        return executor;
    }

    @Override
    public boolean isReady() {
        return client.isReady();
    }

    @Override
    public void event(PoolEvent event) {
        if (!ended) {
            client.onNext(WatchEventsResponse.newBuilder()
                    .setEvent(Messages.event(event))
                    .build());
        }
    }

    @Override
    public void gap(long last, long missing) {
        if (!ended) {
            client.onNext(WatchEventsResponse.newBuilder().setMissing(missing).build());
        }
    }

    @Override
    public void flush() {
        // Each message goes at once.
    }

    @Override
    public void end(@Nullable Refusal reason) {
        if (!ended) {
            ended = true;
            whenEnded.accept(this);
            if (reason == null) {
                client.onCompleted();
            } else {
                client.onError(Statuses.of(reason));
            }
        }
    }

    @Override
    public void end(Status status) {
        EventFeed source = feed;
        if (source != null) {
            source.close();
        }
        executor.execute(() -> {
            if (!ended) {
                ended = true;
                whenEnded.accept(this);
                client.onError(status.asException());
            }
        });
    }
}
