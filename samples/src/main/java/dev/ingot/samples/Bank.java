package dev.ingot.samples;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Moves money between accounts in several threads, under nested monitors, a lock and a barrier. However the threads run, each
 * round ends with the same balances, and no money is made or lost.
 *
 * <p>Usage: {@code Bank [ROUNDS]}, 50 rounds by default. Ends with exit code 1 if the books do not balance.
 */
public final class Bank {
    private static final int ACCOUNTS = 16;
    private static final int TELLERS = 4;
    private static final int TRANSFERS = 20_000;
    private static final long DEPOSIT = 1_000;

    private final List<Account> accounts = new ArrayList<>();
    private final ReentrantLock journal = new ReentrantLock();
    private final CyclicBarrier endOfRound = new CyclicBarrier(TELLERS, this::report);
    private final int rounds;

    private long transfers;
    private int round;

    private Bank(int rounds) {
        this.rounds = rounds;
        for (int number = 0; number < ACCOUNTS; number++) {
            accounts.add(new Account(number, DEPOSIT));
        }
    }

    public static void main(String[] arguments) throws InterruptedException {
        Bank bank = new Bank(arguments.length == 0 ? 50 : Integer.parseInt(arguments[0]));
        List<Thread> tellers = new ArrayList<>();
        for (int teller = 0; teller < TELLERS; teller++) {
            Random random = new Random(teller);
            tellers.add(new Thread(() -> bank.work(random), "teller-" + teller));
        }
        for (Thread teller : tellers) {
            teller.start();
        }
        for (Thread teller : tellers) {
            teller.join();
        }
        System.out.println("done after " + bank.transfers + " transfers");
    }

    private void work(Random random) {
        try {
            for (int done = 0; done < rounds; done++) {
                for (int transfer = 0; transfer < TRANSFERS; transfer++) {
                    transfer(
                            accounts.get(random.nextInt(ACCOUNTS)),
                            accounts.get(random.nextInt(ACCOUNTS)),
                            random.nextInt(100));
                }
                endOfRound.await();
            }
        } catch (InterruptedException | BrokenBarrierException failure) {
            throw new IllegalStateException("a teller was disturbed in round " + round, failure);
        }
    }

    private void transfer(Account from, Account to, long amount) {
        Account first = from.number < to.number ? from : to;
        Account second = first == from ? to : from;
        synchronized (first) {
            synchronized (second) {
                from.balance -= amount;
                to.balance += amount;
            }
        }
        journal.lock();
        try {
            transfers++;
        } finally {
            journal.unlock();
        }
    }

    private void report() {
        round++;
        long total = 0;
        long digest = 0;
        for (Account account : accounts) {
            total += account.balance;
            digest = digest * 31 + account.balance;
        }
        System.out.println("round " + round + " total " + total + " digest " + Long.toHexString(digest));
        if (total != ACCOUNTS * DEPOSIT || transfers != (long) round * TELLERS * TRANSFERS) {
            System.err.println(
                    "round " + round + " ended with " + total + " in the bank and " + transfers + " transfers");
            System.exit(1);
        }
    }

    private static final class Account {
        private final int number;
        private long balance;

        private Account(int number, long balance) {
            this.number = number;
            this.balance = balance;
        }
    }
}
