package dev.ingot.scheduler.control;

import dev.ingot.core.json.JsonException;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** Carries out what needs files, away from the threads that everybody waits for. Thread-safe. */
record Offload(Executor executor) {
    /** A step of an answer that may take long. */
    interface Step<T> {
        Reply of(T value) throws IOException, JsonException;
    }

    <T> CompletableFuture<Reply> then(CompletableFuture<T> before, Step<T> step) {
        return before.thenCompose(value -> {
            try {
                return CompletableFuture.supplyAsync(() -> reply(step, value), executor);
            } catch (RejectedExecutionException full) {
                return CompletableFuture.completedFuture(
                        Reply.error(Reply.UNAVAILABLE, "too much is being asked at once; try again")
                                .with("Retry-After", "1"));
            }
        });
    }

    private static <T> Reply reply(Step<T> step, T value) {
        try {
            return step.of(value);
        } catch (IOException | JsonException failure) {
            return Reply.error(Reply.INTERNAL_ERROR, String.valueOf(failure.getMessage()));
        }
    }
}
