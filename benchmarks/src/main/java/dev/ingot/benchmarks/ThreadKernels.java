package dev.ingot.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Monitors and hand-over between threads. */
final class ThreadKernels {
    private static final int ENTRIES = 500_000;
    private static final int TASKS = 10_000;
    private static final int WORKERS = 2;

    private static final ExecutorService POOL = Executors.newFixedThreadPool(WORKERS, task -> {
        Thread worker = new Thread(task, "worker");
        worker.setDaemon(true);
        return worker;
    });

    private ThreadKernels() {}

    private static final class Account {
        private long balance;

        synchronized void deposit(long amount) {
            balance += amount;
        }

        long balance() {
            synchronized (this) {
                return balance;
            }
        }
    }

    static long monitors() {
        Account account = new Account();
        long sum = 0;
        for (int i = 0; i < ENTRIES; i++) {
            account.deposit(i);
            sum += account.balance();
        }
        return sum;
    }

    static long handOff() {
        List<Future<Integer>> answers = new ArrayList<>();
        for (int i = 0; i < TASKS; i++) {
            int task = i;
            answers.add(POOL.submit(() -> task * 3));
        }
        long sum = 0;
        for (Future<Integer> answer : answers) {
            sum += valueOf(answer);
        }
        return sum;
    }

    private static int valueOf(Future<Integer> answer) {
        try {
            return answer.get();
        } catch (ExecutionException | InterruptedException failure) {
            throw new IllegalStateException("a task of the kernel did not end", failure);
        }
    }
}
