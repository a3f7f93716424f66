package dev.ingot.core.heap;

import java.util.Arrays;

/**
 * From the hashes this JVM's images handed out to ids, by direct index. Pages are made on demand; when survivors of many
 * images lie too thinly over the numbers, it declines and the {@link SideTable} takes them.
 */
final class HashDirectory {
    private static final int PAGE_BITS = 10;
    private static final int PAGE = 1 << PAGE_BITS;

    /** Of all slots at least one in this many is used, but for a first allowance. */
    private static final int THINNEST = 16;

    private static final int ALLOWANCE = 1 << 20;

    private int[][] pages = new int[256][];
    private long slots;
    private long used;

    /** The id put under {@code hash}, or 0. */
    int get(int hash) {
        int page = hash >>> PAGE_BITS;
        return page < pages.length && pages[page] != null ? pages[page][hash & (PAGE - 1)] : 0;
    }

    /** Puts or replaces; false if there is no room for {@code hash}. */
    boolean put(int hash, int id) {
        int page = hash >>> PAGE_BITS;
        if (page >= pages.length) {
            pages = Arrays.copyOf(pages, Math.max(page + 1, (int) Math.min(pages.length * 2L, 1 << (31 - PAGE_BITS))));
        }
        if (pages[page] == null) {
            if (slots > ALLOWANCE + THINNEST * used) {
                return false;
            }
            pages[page] = new int[PAGE];
            slots += PAGE;
        }
        pages[page][hash & (PAGE - 1)] = id;
        used++;
        return true;
    }
}
