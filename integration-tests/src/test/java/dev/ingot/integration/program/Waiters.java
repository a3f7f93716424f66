package dev.ingot.integration.program;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.AccessControlContext;
import java.security.AccessController;
import java.security.PrivilegedAction;
import java.security.PrivilegedActionException;
import java.security.PrivilegedExceptionAction;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/** Threads that wait for the whole of the program, in every way that is the same in all versions of the JDK, and pools with nothing to do. */
@SuppressWarnings("LockNotBeforeTry") // others wait for the lock until the end
public final class Waiters {
    private static final List<Thread> WAITING = new ArrayList<>();
    private static final List<Object> RESULTS = new ArrayList<>();
    private static final AtomicBoolean RELEASED = new AtomicBoolean();

    private Waiters() {}

    public static void main(String[] arguments) throws Exception {
        LinkedBlockingQueue<String> queue = new LinkedBlockingQueue<>();
        CountDownLatch latch = new CountDownLatch(1);
        CompletableFuture<String> future = new CompletableFuture<>();
        FutureTask<String> task = new FutureTask<>(() -> "task");
        Semaphore permits = new Semaphore(0);
        ReentrantLock lock = new ReentrantLock();
        Condition changed = lock.newCondition();
        Thread last = new Thread(() -> awaitLatch(latch));
        last.start();
        lock.lock();
        begin(() -> queue.take());
        begin(() -> queue.poll(1, TimeUnit.HOURS));
        begin(() -> awaitLatch(latch));
        begin(() -> future.get());
        begin(() -> future.get(1, TimeUnit.HOURS));
        begin(() -> future.join());
        begin(() -> task.get());
        begin(() -> task.get(1, TimeUnit.HOURS));
        begin(() -> permits.tryAcquire(1, TimeUnit.HOURS));
        begin(() -> {
            permits.acquireUninterruptibly();
            return "permit";
        });
        begin(() -> {
            lock.lock();
            try {
                return "locked";
            } finally {
                lock.unlock();
            }
        });
        begin(() -> lock.tryLock(1, TimeUnit.HOURS) ? unlocked(lock) : "not locked");
        begin(() -> {
            last.join();
            return "joined";
        });
        begin(() -> {
            last.join(TimeUnit.HOURS.toMillis(1));
            return "joined in time";
        });
        begin(() -> {
            while (!RELEASED.get()) {
                LockSupport.park(RELEASED);
            }
            return "parked";
        });
        begin(() -> {
            while (!RELEASED.get()) {
                LockSupport.parkNanos(TimeUnit.HOURS.toNanos(1));
            }
            return "parked for a while";
        });
        begin(() -> privileged(latch));
        begin(() -> privilegedWithin(latch));
        begin(() -> failsPrivileged(latch));
        ServerSocket listener = listener();
        begin(() -> accepted(listener));
        ServerSocket listenerForAWhile = listener();
        listenerForAWhile.setSoTimeout((int) TimeUnit.HOURS.toMillis(1));
        begin(() -> accepted(listenerForAWhile));
        ReentrantLock own = new ReentrantLock();
        Condition never = own.newCondition();
        begin(() -> {
            own.lock();
            try {
                while (!RELEASED.get()) {
                    never.await();
                }
                return "signalled";
            } finally {
                own.unlock();
            }
        });
        ExecutorService fixed = Executors.newFixedThreadPool(2);
        ScheduledExecutorService scheduled = Executors.newScheduledThreadPool(2);
        Future<String> later = fixed.submit(() -> "fixed " + awaitLatch(latch));
        fixed.submit(() -> "at once").get();
        Future<String> soon = scheduled.schedule(() -> "at once", 1, TimeUnit.MILLISECONDS);
        soon.get();
        Future<String> much = scheduled.schedule(() -> "much later", 1, TimeUnit.DAYS);
        DelayQueue<?> delays = new DelayQueue<>();
        Thread forever = new Thread(() -> takeForever(delays));
        forever.setDaemon(true);
        forever.start();

        for (int round = 0; round < Pace.ROUNDS; round++) {
            Pace.say("round " + round + " " + fixed.submit(() -> "busy").get());
        }
        RELEASED.set(true);
        lock.unlock();
        queue.add("first");
        queue.add("second");
        latch.countDown();
        future.complete("future");
        task.run();
        permits.release(2);
        connect(listener);
        connect(listenerForAWhile);
        own.lock();
        never.signalAll();
        own.unlock();
        for (Thread waiting : WAITING) {
            LockSupport.unpark(waiting);
            waiting.join();
        }
        // Two threads took from one queue, whichever was first.
        RESULTS.replaceAll(result -> result.equals("first") || result.equals("second") ? "taken" : result);
        System.out.println(
                RESULTS + " " + later.get() + " " + much.cancel(false) + " " + lock.hasWaiters(changed(lock, changed)));
        fixed.shutdown();
        scheduled.shutdown();
        System.out.println(
                fixed.awaitTermination(1, TimeUnit.MINUTES) + " " + scheduled.awaitTermination(1, TimeUnit.MINUTES));
    }

    private static ServerSocket listener() throws IOException {
        return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    private static String accepted(ServerSocket listener) throws IOException {
        try (Socket connection = listener.accept()) {
            return "accepted " + connection.isConnected();
        }
    }

    private static void connect(ServerSocket listener) throws IOException {
        new Socket(listener.getInetAddress(), listener.getLocalPort()).close();
    }

    @SuppressWarnings("removal") // what programs of many years call
    private static String privileged(CountDownLatch latch) {
        return AccessController.doPrivileged((PrivilegedAction<String>) () -> "privileged " + awaitLatch(latch));
    }

    @SuppressWarnings("removal")
    private static String privilegedWithin(CountDownLatch latch) {
        AccessControlContext context = AccessController.getContext();
        return AccessController.doPrivileged((PrivilegedAction<String>) () -> privileged(latch), context) + " twice";
    }

    @SuppressWarnings("removal")
    private static String failsPrivileged(CountDownLatch latch) {
        try {
            return AccessController.doPrivileged((PrivilegedExceptionAction<String>) () -> {
                throw new IOException(awaitLatch(latch));
            });
        } catch (PrivilegedActionException failed) {
            return String.valueOf(failed.getCause());
        }
    }

    private static Condition changed(ReentrantLock lock, Condition changed) {
        lock.lock();
        return changed;
    }

    private static Object unlocked(ReentrantLock lock) {
        lock.unlock();
        return "locked in time";
    }

    private static String awaitLatch(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException unexpected) {
            throw new IllegalStateException(unexpected);
        }
        return "latch";
    }

    private static void takeForever(DelayQueue<?> delays) {
        try {
            System.out.println(delays.take());
        } catch (InterruptedException unexpected) {
            throw new IllegalStateException(unexpected);
        }
    }

    private static void begin(Callable<?> work) {
        int place = RESULTS.size();
        RESULTS.add("nothing");
        Thread thread = new Thread(() -> {
            try {
                RESULTS.set(place, work.call());
            } catch (Exception failure) {
                RESULTS.set(place, failure);
            }
        });
        WAITING.add(thread);
        thread.start();
    }
}
