package dev.ingot.core.heap;

/** From identity hash codes to ids, in an open-addressing table that holds no objects. Several ids may have one hash. */
final class SideTable {
    private static final int WIDTH = 2;

    private final ObjectIds objects;
    /** Pairs of hash and id; an id of 0 ends a search. */
    private int[] slots = new int[WIDTH << 10];

    private int used;
    private int candidate;

    SideTable(ObjectIds objects) {
        this.objects = objects;
    }

    /** The id or reservation of {@code object}, 0, or {@link ObjectIds#RETURNING} if an id of its hash is free. */
    int find(Object object, int hash) {
        int free = 0;
        int slot = first(hash);
        for (; slots[slot + 1] != 0; slot = next(slot)) {
            int id = slots[slot + 1];
            if (slots[slot] == hash) {
                if (objects.at(id) == object) {
                    return id;
                }
                if (free == 0 && objects.isFree(id)) {
                    free = id;
                }
            }
        }
        candidate = free;
        return free == 0 ? 0 : ObjectIds.RETURNING;
    }

    int candidate() {
        return candidate;
    }

    /** Puts an object, or gives it another id. */
    void put(Object object, int hash, int id) {
        int slot = first(hash);
        while (slots[slot + 1] != 0 && !(slots[slot] == hash && isReplaceable(slots[slot + 1], object))) {
            slot = next(slot);
        }
        if (slots[slot + 1] != 0) {
            slots[slot + 1] = id;
        } else if ((used + 1) * 2 * WIDTH > slots.length) {
            rebuild(slots.length * 2, true);
            insert(hash, id);
        } else {
            slots[slot] = hash;
            slots[slot + 1] = id;
            used++;
        }
    }

    private boolean isReplaceable(int id, Object object) {
        return objects.at(id) == object || (id > 0 && objects.shape(id) == ObjectIds.GONE);
    }

    /** Drops reservations, which are over with the walk they were made for, and ids that are gone. */
    void removeReservations() {
        rebuild(slots.length, false);
    }

    private void rebuild(int length, boolean withReservations) {
        int[] old = slots;
        slots = new int[length];
        used = 0;
        for (int slot = 0; slot < old.length; slot += WIDTH) {
            int id = old[slot + 1];
            if (id < 0 ? withReservations : id > 0 && objects.shape(id) != ObjectIds.GONE) {
                insert(old[slot], id);
            }
        }
    }

    private void insert(int hash, int id) {
        int slot = first(hash);
        while (slots[slot + 1] != 0) {
            slot = next(slot);
        }
        slots[slot] = hash;
        slots[slot + 1] = id;
        used++;
    }

    private int first(int hash) {
        return (mix(hash) & (slots.length / WIDTH - 1)) * WIDTH;
    }

    private int next(int slot) {
        int following = slot + WIDTH;
        return following == slots.length ? 0 : following;
    }

    /** Identity hashes that an image handed out are consecutive; unmixed they would form one long run. */
    private static int mix(int hash) {
        int mixed = hash * 0x9E3779B9;
        return mixed ^ (mixed >>> 15);
    }
}
