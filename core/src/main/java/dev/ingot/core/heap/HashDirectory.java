package dev.ingot.core.heap;

import static dev.ingot.core.jvm.Memory.UNSAFE;

import java.util.Arrays;

/**
 * From the hashes this JVM's images handed out to ids, by direct index, outside the Java heap. Pages are made on demand; when
 * survivors of many images lie too thinly over the numbers, it declines and the {@link SideTable} takes them.
 */
final class HashDirectory implements AutoCloseable {
    private static final int PAGE_BITS = 10;
    private static final int PAGE = 1 << PAGE_BITS;

    /** Of all slots at least one in this many is used, but for a first allowance. */
    private static final int THINNEST = 16;

    private static final int ALLOWANCE = 1 << 20;

    private static final long PAGE_BYTES = (long) PAGE * Integer.BYTES;

    private static final long[] NONE = {};

    private long[] pages = new long[256];
    private long slots;
    private long used;

    /** The id put under {@code hash}, or 0. */
    int get(int hash) {
        int page = hash >>> PAGE_BITS;
        long address = page < pages.length ? pages[page] : 0;
        return address == 0 ? 0 : UNSAFE.getInt(address + slot(hash));
    }

    /** Puts or replaces; false if there is no room for {@code hash}. */
    boolean put(int hash, int id) {
        int page = hash >>> PAGE_BITS;
        if (page >= pages.length) {
            pages = Arrays.copyOf(pages, Math.max(page + 1, (int) Math.min(pages.length * 2L, 1 << (31 - PAGE_BITS))));
        }
        if (pages[page] == 0) {
            if (slots > ALLOWANCE + THINNEST * used) {
                return false;
            }
            long address = UNSAFE.allocateMemory(PAGE_BYTES);
            UNSAFE.setMemory(address, PAGE_BYTES, (byte) 0);
            pages[page] = address;
            slots += PAGE;
        }
        UNSAFE.putInt(pages[page] + slot(hash), id);
        used += id == 0 ? 0 : 1;
        return true;
    }

    private static long slot(int hash) {
        return (long) (hash & (PAGE - 1)) * Integer.BYTES;
    }

    /** Gives the memory back; nothing is found any more. */
    @Override
    public void close() {
        long[] given = pages;
        pages = NONE;
        for (long page : given) {
            if (page != 0) {
                UNSAFE.freeMemory(page);
            }
        }
    }
}
