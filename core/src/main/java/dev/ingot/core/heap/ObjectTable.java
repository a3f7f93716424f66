package dev.ingot.core.heap;

import static dev.ingot.core.jvm.Memory.REFERENCE_BASE;
import static dev.ingot.core.jvm.Memory.REFERENCE_SCALE;
import static dev.ingot.core.jvm.Memory.UNSAFE;

import dev.ingot.core.jvm.Memory;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The objects of an image by id, from 1 on; of each the number of its plan and whether it has had its data.
 *
 * <p>Every reference of an image is looked up here, so chunks are read without a look at their lengths, which lie in cache lines of their
 * own: an id that was found to be there is in a chunk, and a chunk is always whole. Chunks are small enough that no collector treats them as
 * humongous. Not thread-safe.
 */
final class ObjectTable {
    private static final int CHUNK_BITS = 14;
    private static final int CHUNK = 1 << CHUNK_BITS;
    private static final int MASK = CHUNK - 1;
    private static final long INT_BASE = Memory.arrayBase(int[].class);

    /** A plan, and a tag, of an object that has none. */
    static final int NO_PLAN = -1;

    private static final int FILLED = 1;

    private Object[][] objects = new Object[64][];
    /** Twice the number of the plan, and {@link #FILLED}. */
    private int[][] tags = new int[64][];

    private int size;

    /** The highest id. */
    int size() {
        return size;
    }

    /**
     * Adds an object and says its id.
     *
     * @param plan the number of its plan, or a negative number
     */
    int add(@Nullable Object object, int plan) {
        int id = ++size;
        if ((id & MASK) == 0 || id == 1) {
            grow(id >>> CHUNK_BITS);
        }
        set(objects[id >>> CHUNK_BITS], id, object);
        UNSAFE.putInt(tags[id >>> CHUNK_BITS], intOffset(id), plan << 1);
        return id;
    }

    private void grow(int chunk) {
        if (chunk == objects.length) {
            objects = Arrays.copyOf(objects, chunk * 2);
            tags = Arrays.copyOf(tags, chunk * 2);
        }
        objects[chunk] = new Object[CHUNK];
        tags[chunk] = new int[CHUNK];
    }

    boolean has(int id) {
        return id > 0 && id <= size;
    }

    /** Null also for an id that there is no object of yet, and for what is no id. */
    @Nullable Object get(int id) {
        return has(id) ? UNSAFE.getReference(objects[id >>> CHUNK_BITS], offset(id)) : null;
    }

    void set(int id, @Nullable Object object) {
        require(id);
        set(objects[id >>> CHUNK_BITS], id, object);
    }

    private static void set(Object[] chunk, int id, @Nullable Object object) {
        UNSAFE.putReference(chunk, offset(id), object);
    }

    /** The number of the plan of an object; negative if it has none. */
    int planOf(int id) {
        require(id);
        return planIn(UNSAFE.getInt(tags[id >>> CHUNK_BITS], intOffset(id)));
    }

    /** Notes that the object has had its data; whether it had not had them before. */
    boolean fill(int id) {
        return isFirst(noteFilled(id));
    }

    /** Notes that the object has had its data; the tag that it had before, which is negative if it has no plan. */
    int noteFilled(int id) {
        require(id);
        int[] chunk = tags[id >>> CHUNK_BITS];
        int tag = UNSAFE.getInt(chunk, intOffset(id));
        UNSAFE.putInt(chunk, intOffset(id), tag | FILLED);
        return tag;
    }

    /** Whether an object with that tag has not had its data. */
    static boolean isFirst(int tag) {
        return (tag & FILLED) == 0;
    }

    /** The number of the plan of an object with that tag. */
    static int planIn(int tag) {
        return tag >> 1;
    }

    private void require(int id) {
        if (!has(id)) {
            throw new IndexOutOfBoundsException(id);
        }
    }

    private static long offset(int id) {
        return REFERENCE_BASE + (id & MASK) * REFERENCE_SCALE;
    }

    private static long intOffset(int id) {
        return INT_BASE + (long) (id & MASK) * Integer.BYTES;
    }
}
