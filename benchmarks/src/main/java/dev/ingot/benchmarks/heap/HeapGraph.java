package dev.ingot.benchmarks.heap;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** The graphs that are written, from one extreme to the other. */
enum HeapGraph {
    /** Nodes linked both ways, one after the other: as deep as it is large. */
    CHAIN,
    /** A hash table from strings to records. */
    MAP,
    /** A binary tree whose nodes lie in memory in an order that has nothing to do with the tree. */
    TREE,
    /** A few large arrays of numbers, a gigabyte. */
    ARRAYS,
    /** What an application holds: see {@link Shop}. */
    APPLICATION;

    private static final int CHAIN_NODES = 1_000_000;
    private static final int MAP_ENTRIES = 1_000_000;
    private static final int TREE_NODES = 5_000_000;
    private static final int ARRAY_BYTES = 8 << 20;
    private static final int ARRAYS_OF_EACH_KIND = 64;

    static HeapGraph named(String name) {
        return valueOf(name.toUpperCase(Locale.ROOT));
    }

    /** A new graph; {@code scale} 1 is the full size. */
    Object build(double scale) {
        return switch (this) {
            case CHAIN -> chain(scale);
            case MAP -> map(scale);
            case TREE -> tree(scale);
            case ARRAYS -> arrays(scale);
            case APPLICATION -> Shop.ofSize(scale);
        };
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    @SuppressWarnings("UnusedVariable") // There to be written.
    static final class Link {
        @Nullable Link before;

        @Nullable Link after;

        long number;
    }

    private static Object chain(double scale) {
        Link first = new Link();
        Link last = first;
        for (int number = 1; number < CHAIN_NODES * scale; number++) {
            Link next = new Link();
            next.number = number;
            next.before = last;
            last.after = next;
            last = next;
        }
        return first;
    }

    record Account(String owner, double balance, int opened) {}

    private static Object map(double scale) {
        Map<String, Account> accounts = new HashMap<>();
        for (int number = 0; number < MAP_ENTRIES * scale; number++) {
            accounts.put("account-" + number, new Account("owner " + number % 5003, number * 0.25, number));
        }
        return accounts;
    }

    @SuppressWarnings("UnusedVariable") // There to be written.
    static final class Branch {
        @Nullable Branch left;

        @Nullable Branch right;

        long number;
    }

    private static Object tree(double scale) {
        Branch[] branches = new Branch[(int) (TREE_NODES * scale)];
        for (int index = 0; index < branches.length; index++) {
            branches[index] = new Branch();
        }
        Random random = new Random(3);
        for (int index = branches.length - 1; index > 0; index--) {
            int other = random.nextInt(index + 1);
            Branch taken = branches[index];
            branches[index] = branches[other];
            branches[other] = taken;
        }
        for (int index = 0; index < branches.length; index++) {
            branches[index].number = index;
            branches[index].left = 2 * index + 1 < branches.length ? branches[2 * index + 1] : null;
            branches[index].right = 2 * index + 2 < branches.length ? branches[2 * index + 2] : null;
        }
        return branches[0];
    }

    /** Half of the bytes are noise, half are small numbers, so that compressing them is neither hopeless nor free. */
    private static Object arrays(double scale) {
        Random random = new Random(4);
        Object[] all = new Object[2 * ARRAYS_OF_EACH_KIND];
        for (int index = 0; index < ARRAYS_OF_EACH_KIND; index++) {
            byte[] noise = new byte[(int) (ARRAY_BYTES * scale)];
            random.nextBytes(noise);
            all[2 * index] = noise;
            long[] numbers = new long[noise.length / Long.BYTES];
            for (int at = 0; at < numbers.length; at++) {
                numbers[at] = random.nextInt(1 << 20);
            }
            all[2 * index + 1] = numbers;
        }
        return all;
    }
}
