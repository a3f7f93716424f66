package dev.ingot.samples;

import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * Finds primes without end in sight: a queue holds for every prime found its next multiple, and a number that is nobody's
 * multiple is prime. Busy with arithmetic, small objects and one growing heap of them.
 *
 * <p>Usage: {@code Primes [COUNT]}, 100000 primes by default. Prints every 10000th.
 */
public final class Primes {
    private static final int PRINT_EVERY = 10_000;

    private final PriorityQueue<Multiples> queue =
            new PriorityQueue<>(Comparator.comparingLong(multiples -> multiples.next));
    private long candidate = 1;

    private Primes() {}

    public static void main(String[] arguments) {
        int count = arguments.length == 0 ? 100_000 : Integer.parseInt(arguments[0]);
        Primes primes = new Primes();
        long digest = 0;
        for (int index = 1; index <= count; index++) {
            long prime = primes.next();
            digest = digest * 31 + prime;
            if (index % PRINT_EVERY == 0) {
                System.out.println("prime " + index + " is " + prime);
            }
        }
        System.out.println("done after " + count + " primes, digest " + Long.toHexString(digest));
    }

    private long next() {
        do {
            candidate++;
        } while (crossedOut());
        queue.add(new Multiples(candidate));
        return candidate;
    }

    private boolean crossedOut() {
        boolean multiple = false;
        while (!queue.isEmpty() && queue.peek().next == candidate) {
            Multiples multiples = queue.remove();
            multiples.next += multiples.prime;
            queue.add(multiples);
            multiple = true;
        }
        return multiple;
    }

    private static final class Multiples {
        private final long prime;
        private long next;

        private Multiples(long prime) {
            this.prime = prime;
            this.next = prime * prime;
        }
    }
}
