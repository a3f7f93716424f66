package dev.ingot.grpc;

import com.google.common.util.concurrent.MoreExecutors;
import com.google.protobuf.ByteString;
import dev.ingot.grpc.v1.ReadOutputResponse;
import dev.ingot.scheduler.control.Operations;
import dev.ingot.scheduler.control.Refusal;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a workload wrote, on its way to one client, which gets the next piece when it has taken the last. Its executor alone speaks to
 * the client.
 */
final class OutputStreaming implements OpenStream {
    /** Where the output comes from. */
    interface Source {
        CompletableFuture<Operations.Output> read(long from);
    }

    private static final long LOOK_AGAIN_MILLIS = 500;

    private final ServerCallStreamObserver<ReadOutputResponse> client;
    private final Executor executor;
    private final Source source;
    private final boolean follow;
    private final Consumer<OpenStream> whenEnded;
    private long from;
    private boolean reading;
    private boolean ended;

    OutputStreaming(
            ServerCallStreamObserver<ReadOutputResponse> client,
            Executor executor,
            Source source,
            long from,
            boolean follow,
            Consumer<OpenStream> whenEnded) {
        this.client = client;
        this.executor = MoreExecutors.newSequentialExecutor(executor);
        this.source = source;
        this.from = from;
        this.follow = follow;
        this.whenEnded = whenEnded;
    }

    /** There may be something to read, and room for it. From any thread. */
    void wake() {
        executor.execute(this::read);
    }

    private void read() {
        if (ended) {
            return;
        }
        if (client.isCancelled()) {
            forget();
        } else if (!reading && client.isReady()) {
            reading = true;
            Object unused = source.read(from)
                    .whenComplete((output, failure) -> executor.execute(() -> deliver(output, failure)));
        }
    }

    private void deliver(Operations.@Nullable Output output, @Nullable Throwable failure) {
        reading = false;
        if (ended) {
            return;
        }
        if (output == null) {
            forget();
            client.onError(failure instanceof Refusal refusal ? Statuses.of(refusal) : Status.INTERNAL.asException());
            return;
        }
        byte[] bytes = output.bytes();
        if (bytes.length > 0) {
            client.onNext(ReadOutputResponse.newBuilder()
                    .setFrom(from)
                    .setContent(ByteString.copyFrom(bytes))
                    .build());
            from += bytes.length;
        }
        if (output.isComplete() || (bytes.length == 0 && !follow)) {
            forget();
            client.onCompleted();
        } else if (bytes.length > 0) {
            read();
        } else {
            CompletableFuture.delayedExecutor(LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS, executor)
                    .execute(this::read);
        }
    }

    private void forget() {
        if (!ended) {
            ended = true;
            whenEnded.accept(this);
        }
    }

    @Override
    public void end(Status status) {
        executor.execute(() -> {
            if (!ended) {
                forget();
                client.onError(status.asException());
            }
        });
    }
}
