package dev.ingot.integration.program;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/** Virtual threads that block in every way there is, some that were not started yet, and an executor of them. */
public final class VirtualThreads {
    private static final Object OUTER = new Object();
    private static final Object INNER = new Object();
    private static final ReentrantLock LOCK = new ReentrantLock();
    private static final ThreadLocal<Integer> OWN = ThreadLocal.withInitial(() -> 0);
    private static final InheritableThreadLocal<String> INHERITED = new InheritableThreadLocal<>();
    private static final Map<String, BlockingQueue<Integer>> REQUESTS = new LinkedHashMap<>();
    private static final Map<String, BlockingQueue<String>> ANSWERS = new HashMap<>();
    private static final Map<Thread, String> NAMES = new HashMap<>();
    private static final List<Thread> THREADS = new ArrayList<>();

    private static int inside;
    private static int turn;
    private static volatile boolean released;

    private VirtualThreads() {}

    private interface Service {
        String answer(int round) throws InterruptedException;
    }

    public static void main(String[] arguments) throws Exception {
        INHERITED.set("of main");
        Thread interrupted = serve("interrupted", VirtualThreads::sleepUntilInterrupted);
        Thread parked = serve("parked", VirtualThreads::parkUntilReleased);
        serve("asleep", VirtualThreads::sleep);
        serve("waiting", VirtualThreads::waitForTurn);
        serve("first inside", VirtualThreads::contend);
        serve("second inside", VirtualThreads::contend);
        serve("locals", VirtualThreads::useLocals);
        serve("joining", VirtualThreads::join);
        serve("locking", VirtualThreads::lock);
        Thread late = Virtual.of(
                "late", () -> Pace.say("late " + Thread.currentThread().getName()));
        ExecutorService executor = Virtual.executor();
        for (int round = 0; round < Pace.ROUNDS; round++) {
            int number = round;
            for (BlockingQueue<Integer> requests : REQUESTS.values()) {
                requests.put(round);
            }
            List<Future<Integer>> results = new ArrayList<>();
            for (int task = 0; task < 5; task++) {
                int factor = task;
                results.add(executor.submit(() -> slowly(number * factor)));
            }
            Pace.step();
            interrupted.interrupt();
            released = true;
            LockSupport.unpark(parked);
            synchronized (OUTER) {
                turn++;
                OUTER.notifyAll();
            }
            Pace.say(round + " " + answers() + " " + sum(results));
        }
        late.start();
        late.join();
        executor.shutdown();
        System.out.println("ended " + executor.awaitTermination(1, TimeUnit.MINUTES));
        for (Thread thread : THREADS) {
            Objects.requireNonNull(REQUESTS.get(thread.getName())).put(-1);
            thread.join();
            System.out.println(NAMES.get(thread) + " " + Virtual.is(thread) + " " + thread.getState());
        }
    }

    private static Thread serve(String name, Service service) {
        BlockingQueue<Integer> requests =
                name.length() % 2 == 0 ? new SynchronousQueue<>() : new LinkedBlockingQueue<>();
        BlockingQueue<String> answers = new LinkedBlockingQueue<>();
        REQUESTS.put(name, requests);
        ANSWERS.put(name, answers);
        Thread thread = Virtual.start(name, () -> serve(requests, answers, service));
        THREADS.add(thread);
        NAMES.put(thread, name);
        return thread;
    }

    private static void serve(BlockingQueue<Integer> requests, BlockingQueue<String> answers, Service service) {
        String name = Thread.currentThread().getName();
        int served = 0;
        while (true) {
            int round = take(requests);
            if (round < 0) {
                return;
            }
            try {
                answers.put(service.answer(round));
            } catch (InterruptedException unexpected) {
                System.out.println(name + " was interrupted");
            }
            if (++served != round + 1 || !Virtual.is(Thread.currentThread())) {
                System.out.println(name + " forgot how far it was");
            }
        }
    }

    /** The interrupts are meant for another place, but may come late. */
    private static int take(BlockingQueue<Integer> requests) {
        while (true) {
            try {
                return requests.take();
            } catch (InterruptedException late) {
                System.out.println("interrupted late");
            }
        }
    }

    private static String answers() throws InterruptedException {
        StringBuilder all = new StringBuilder();
        for (BlockingQueue<String> answers : ANSWERS.values()) {
            all.append(all.length() == 0 ? "" : ", ").append(answers.take());
        }
        return all.toString();
    }

    private static int sum(List<Future<Integer>> results) throws InterruptedException, ExecutionException {
        int sum = 0;
        for (Future<Integer> result : results) {
            sum += result.get();
        }
        return sum;
    }

    private static int slowly(int number) {
        Pace.step();
        return number;
    }

    private static String sleepUntilInterrupted(int round) {
        try {
            TimeUnit.HOURS.sleep(1);
            return "overslept";
        } catch (InterruptedException expected) {
            return "interrupted " + Thread.currentThread().isInterrupted();
        }
    }

    private static String parkUntilReleased(int round) {
        while (!released) {
            LockSupport.park(OUTER);
        }
        released = false;
        return "unparked";
    }

    private static String sleep(int round) throws InterruptedException {
        Thread.sleep(3);
        return "slept";
    }

    @SuppressWarnings("WaitNotInLoop") // The inner one waits for the time only.
    private static String waitForTurn(int round) throws InterruptedException {
        synchronized (OUTER) {
            synchronized (INNER) {
                INNER.wait(1);
            }
            while (turn <= round) {
                OUTER.wait();
            }
            return "notified";
        }
    }

    private static String contend(int round) throws InterruptedException {
        for (int time = 0; time < 3; time++) {
            enter(2);
        }
        return "left";
    }

    private static void enter(int depth) throws InterruptedException {
        synchronized (OUTER) {
            synchronized (INNER) {
                if (depth > 0) {
                    enter(depth - 1);
                    return;
                }
                if (++inside != 1) {
                    System.out.println("two threads hold one monitor");
                }
                Thread.sleep(1);
                Thread.yield();
                inside--;
            }
        }
    }

    private static String useLocals(int round) {
        if (OWN.get() != round) {
            System.out.println("lost a local: " + OWN.get());
        }
        OWN.set(round + 1);
        return INHERITED.get();
    }

    private static String join(int round) throws InterruptedException {
        int[] result = new int[1];
        Thread child = Virtual.start("child", () -> result[0] = slowly(round));
        child.join(1);
        child.join();
        return "joined " + result[0];
    }

    private static String lock(int round) throws InterruptedException {
        LOCK.lock();
        try {
            Thread waiting = Virtual.start("locked out", () -> {
                LOCK.lock();
                try {
                    assert LOCK.isHeldByCurrentThread();
                } finally {
                    LOCK.unlock();
                }
            });
            while (!LOCK.hasQueuedThread(waiting)) {
                Thread.sleep(1);
            }
            return "locked " + LOCK.isHeldByCurrentThread();
        } finally {
            LOCK.unlock();
        }
    }
}
