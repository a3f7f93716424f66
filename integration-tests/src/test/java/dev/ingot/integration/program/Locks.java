package dev.ingot.integration.program;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/** Locks, conditions, queues, latches and semaphores between threads. */
public final class Locks {
    private static final ReentrantLock LOCK = new ReentrantLock(true);
    private static final Condition CHANGED = LOCK.newCondition();
    private static final ReentrantReadWriteLock SHARED = new ReentrantReadWriteLock();
    private static final Semaphore PERMITS = new Semaphore(1);
    private static int given;

    private Locks() {}

    public static void main(String[] arguments) throws InterruptedException {
        BlockingQueue<Integer> queue = new ArrayBlockingQueue<>(2);
        CountDownLatch ended = new CountDownLatch(2);
        new Thread(() -> run(() -> produce(queue), ended)).start();
        new Thread(() -> run(Locks::take, ended)).start();
        for (int round = 0; round < Pace.ROUNDS; round++) {
            int value = queue.take();
            LOCK.lock();
            try {
                given++;
                CHANGED.signalAll();
            } finally {
                LOCK.unlock();
            }
            SHARED.readLock().lock();
            try {
                Pace.say("took " + value + " " + SHARED.getReadLockCount());
            } finally {
                SHARED.readLock().unlock();
            }
        }
        System.out.println(
                "ended " + ended.await(1, TimeUnit.MINUTES) + " " + given + " " + PERMITS.availablePermits());
    }

    private interface Work {
        void run() throws InterruptedException;
    }

    private static void run(Work work, CountDownLatch ended) {
        try {
            work.run();
        } catch (InterruptedException unexpected) {
            throw new IllegalStateException(unexpected);
        }
        ended.countDown();
    }

    private static void produce(BlockingQueue<Integer> queue) throws InterruptedException {
        for (int round = 0; round < Pace.ROUNDS; round++) {
            queue.put(round * round);
        }
    }

    private static void take() throws InterruptedException {
        for (int round = 0; round < Pace.ROUNDS; round++) {
            PERMITS.acquire();
            LOCK.lockInterruptibly();
            try {
                while (given <= round) {
                    CHANGED.await(1, TimeUnit.HOURS);
                }
            } finally {
                LOCK.unlock();
                PERMITS.release();
            }
        }
    }
}
