package dev.ingot.integration.program;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.IntStream;

/** Pools that were used and have nothing to do, and a lock that is held for reading; all of them are used again at the end. */
@SuppressWarnings("LockNotBeforeTry") // it is held while the program is captured
public final class IdlePools {
    private static final ReentrantReadWriteLock LOCK = new ReentrantReadWriteLock();

    private IdlePools() {}

    public static void main(String[] arguments) throws Exception {
        ForkJoinPool own = new ForkJoinPool(3);
        ExecutorService cached = java.util.concurrent.Executors.newCachedThreadPool();
        ExecutorService fixed = java.util.concurrent.Executors.newFixedThreadPool(2);
        use(own, cached, fixed);
        LOCK.readLock().lock();
        LOCK.readLock().lock();
        for (int round = 0; round < Pace.ROUNDS; round++) {
            Pace.say("round " + round);
        }
        System.out.println(LOCK.getReadHoldCount() + " " + LOCK.writeLock().tryLock());
        LOCK.readLock().unlock();
        LOCK.readLock().unlock();
        System.out.println(LOCK.writeLock().tryLock());
        use(own, cached, fixed);
        System.out.println(own.getParallelism());
        for (ExecutorService pool : new ExecutorService[] {own, cached, fixed}) {
            pool.shutdown();
            System.out.println(pool.awaitTermination(1, TimeUnit.MINUTES));
        }
    }

    private static void use(ForkJoinPool own, ExecutorService cached, ExecutorService fixed) throws Exception {
        System.out.println(
                IntStream.range(0, 100_000).parallel().mapToLong(i -> i * 3L).sum());
        System.out.println(CompletableFuture.supplyAsync(() -> "common")
                .thenCombine(CompletableFuture.supplyAsync(() -> "own", own), (one, other) -> one + " " + other)
                .get());
        System.out.println(
                own.submit(() -> IntStream.range(0, 1000).parallel().sum()).get());
        System.out.println(cached.submit(() -> "cached").get() + " "
                + fixed.submit(() -> "fixed").get());
    }
}
