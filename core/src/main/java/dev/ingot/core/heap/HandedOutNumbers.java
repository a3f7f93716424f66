package dev.ingot.core.heap;

import java.util.Arrays;

/** A set of numbers that lie densely. It declines those that do not, so that a few numbers cannot take much memory. */
final class HandedOutNumbers {
    private static final int PAGE_BITS = 12;
    private static final int PAGE = 1 << PAGE_BITS;

    /** Of all numbers of pages at least one in this many is in the set, but for a first allowance. */
    private static final int THINNEST = 64;

    private static final int ALLOWANCE = 1 << 22;

    private long[][] pages = new long[64][];
    private long covered;
    private long count;

    /** Whether the number was added: it was not there, and lies near others. */
    boolean add(int number) {
        int page = number >>> PAGE_BITS;
        if (page >= pages.length) {
            if (covered > ALLOWANCE + THINNEST * count) {
                return false;
            }
            pages = Arrays.copyOf(pages, Math.max(page + 1, (int) Math.min(pages.length * 2L, 1 << (31 - PAGE_BITS))));
        }
        if (pages[page] == null) {
            if (covered > ALLOWANCE + THINNEST * count) {
                return false;
            }
            pages[page] = new long[PAGE / Long.SIZE];
            covered += PAGE;
        }
        int word = (number & (PAGE - 1)) / Long.SIZE;
        long bit = 1L << number;
        if ((pages[page][word] & bit) != 0) {
            return false;
        }
        pages[page][word] |= bit;
        count++;
        return true;
    }
}
