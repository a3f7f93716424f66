package dev.ingot.scheduler.control;

import dev.ingot.core.json.JsonException;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** Carries out what needs files, away from the threads that everybody waits for. Thread-safe. */
record Offload(Executor executor) {
    /** A step of an answer that may take long. */
    interface Step<T, R> {
        R of(T value) throws IOException, JsonException;
    }

    <T, R> CompletableFuture<R> then(CompletableFuture<T> before, Step<T, R> step) {
        return before.thenCompose(value -> {
            try {
                return CompletableFuture.supplyAsync(() -> carryOut(step, value), executor);
            } catch (RejectedExecutionException full) {
                return CompletableFuture.failedFuture(
                        new Refusal(Reply.UNAVAILABLE, "too much is being asked at once; try again"));
            }
        });
    }

    private static <T, R> R carryOut(Step<T, R> step, T value) {
        try {
            return step.of(value);
        } catch (IOException | JsonException failure) {
            throw new Refusal(Reply.INTERNAL_ERROR, String.valueOf(failure.getMessage()));
        }
    }
}
