package dev.ingot.integration.program;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Threads that move amounts between objects and stamp arrays, each change under a lock, and check under the same lock that what
 * belongs together fits. Fills a heap that takes longer to write than to copy. Prints a line for each round of checks; ends, with a
 * last line, when the file named by the first argument is there.
 */
public final class Transfers {
    private static final int ACCOUNTS = 50_000;
    private static final int BALANCE = 1_000;
    private static final int STAMPS = 24;
    private static final int STAMP_BYTES = 1 << 20;
    private static final int MOVERS = 3;
    private static final int MOVES = 200;

    private final List<Account> accounts = new ArrayList<>();
    private final Map<Integer, Account> byNumber = new HashMap<>();
    private final byte[][] noise = new byte[STAMPS][STAMP_BYTES];
    private final long[][] stamps = new long[STAMPS][STAMP_BYTES / Long.BYTES];
    private final Path end;
    private long moves;

    private Transfers(Path end) {
        this.end = end;
        Random random = new Random(11);
        for (int number = 0; number < ACCOUNTS; number++) {
            Account account = new Account(number);
            accounts.add(account);
            byNumber.put(number, account);
        }
        for (byte[] bytes : noise) {
            random.nextBytes(bytes);
        }
    }

    private static final class Account {
        final int number;
        long balance = BALANCE;
        /** What the balance must be, in an object of its own that is made anew with each change. */
        Entry last = new Entry(BALANCE);

        Account(int number) {
            this.number = number;
        }

        void change(long amount) {
            balance += amount;
            last = new Entry(balance);
        }
    }

    private record Entry(long balance) {}

    public static void main(String[] arguments) throws InterruptedException {
        new Transfers(Path.of(arguments[0])).run();
    }

    private void run() throws InterruptedException {
        List<Thread> movers = new ArrayList<>();
        for (int mover = 0; mover < MOVERS; mover++) {
            Random random = new Random(mover);
            Thread thread = new Thread(() -> move(random), "mover " + mover);
            thread.start();
            movers.add(thread);
        }
        for (int round = 1; isWanted(); round++) {
            System.out.println(check() + " in round " + round);
            Thread.sleep(10);
        }
        for (Thread mover : movers) {
            mover.join();
        }
        System.out.println(check() + " at the end");
    }

    private boolean isWanted() {
        return !Files.exists(end);
    }

    private void move(Random random) {
        while (isWanted()) {
            for (int move = 0; move < MOVES; move++) {
                moveOne(random);
            }
        }
    }

    private synchronized void moveOne(Random random) {
        int amount = random.nextInt(100);
        accounts.get(random.nextInt(ACCOUNTS)).change(-amount);
        stamp(random.nextInt(STAMPS));
        accounts.get(random.nextInt(ACCOUNTS)).change(amount);
    }

    /** The first and the last of the longs in between, and a few that are far apart, always hold the same. */
    private void stamp(int index) {
        moves++;
        long[] stamp = stamps[index];
        for (int at = 0; at < stamp.length; at += 4097) {
            stamp[at] = moves;
        }
    }

    private synchronized String check() {
        long sum = 0;
        for (Account account : accounts) {
            sum += account.balance;
            if (account.last.balance() != account.balance || byNumber.get(account.number) != account) {
                return "BROKEN account " + account.number;
            }
        }
        for (long[] stamp : stamps) {
            for (int at = 0; at < stamp.length; at += 4097) {
                if (stamp[at] != stamp[0]) {
                    return "BROKEN stamp";
                }
            }
        }
        return sum == (long) ACCOUNTS * BALANCE ? "sound" : "BROKEN sum " + sum;
    }
}
