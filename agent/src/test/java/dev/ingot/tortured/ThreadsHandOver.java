package dev.ingot.tortured;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.SynchronousQueue;

/** Threads wait for each other by monitors, queues and joining. */
public final class ThreadsHandOver {
    private ThreadsHandOver() {}

    public static void main(String[] arguments) throws Exception {
        BlockingQueue<Integer> queue = new SynchronousQueue<>();
        Object monitor = new Object();
        int[] turn = {0};
        for (int round = 0; round < 30; round++) {
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                int own = i;
                Thread thread = new Thread(() -> takeTurns(monitor, turn, own, queue));
                threads.add(thread);
                thread.start();
            }
            int sum = 0;
            for (int i = 0; i < 3; i++) {
                sum += queue.take();
            }
            for (Thread thread : threads) {
                thread.join();
            }
            System.out.println(round + " " + sum + " " + turn[0]);
        }
    }

    private static void takeTurns(Object monitor, int[] turn, int own, BlockingQueue<Integer> queue) {
        try {
            for (int i = 0; i < 5; i++) {
                synchronized (monitor) {
                    while (turn[0] % 3 != own) {
                        monitor.wait();
                    }
                    turn[0]++;
                    monitor.notifyAll();
                }
                Work.steps(i, 2_000);
            }
            queue.put(own);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts", e);
        }
    }
}
