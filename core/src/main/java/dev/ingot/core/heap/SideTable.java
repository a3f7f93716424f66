package dev.ingot.core.heap;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * From identity hash codes to ids, in an open-addressing table. Several ids may have one hash. It holds the objects of the present walk.
 */
final class SideTable {
    private static final int WIDTH = 3;

    private final ObjectIds objects;
    /** Triples of hash, id and, where the object was found in this walk, its number among those held; an id of 0 ends a search. */
    private int[] slots = new int[WIDTH << 10];

    private List<Object> held = new ArrayList<>();

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
                if (at(slot) == object) {
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

    private @Nullable Object at(int slot) {
        int id = slots[slot + 1];
        int number = slots[slot + 2];
        return id < 0 ? objects.reserved(id) : number == 0 ? null : held.get(number - 1);
    }

    /** Notes that an object has been found again that has its id of an earlier walk. Nothing, if the id is not kept here. */
    void hold(Object object, int hash, int id) {
        for (int slot = first(hash); slots[slot + 1] != 0; slot = next(slot)) {
            if (slots[slot] == hash && slots[slot + 1] == id) {
                slots[slot + 2] = hold(object);
            }
        }
    }

    private int hold(Object object) {
        held.add(object);
        return held.size();
    }

    /** Puts an object, or gives it another id. */
    void put(Object object, int hash, int id) {
        int number = id < 0 ? 0 : hold(object);
        int slot = first(hash);
        while (slots[slot + 1] != 0 && !(slots[slot] == hash && isReplaceable(slot, object))) {
            slot = next(slot);
        }
        if (slots[slot + 1] != 0) {
            slots[slot + 1] = id;
            slots[slot + 2] = number;
        } else {
            if ((used + 1) * 2 * WIDTH > slots.length) {
                rebuild(slots.length * 2, true);
            }
            insert(hash, id, number);
        }
    }

    private boolean isReplaceable(int slot, Object object) {
        int id = slots[slot + 1];
        return at(slot) == object || (id > 0 && objects.shape(id) == ObjectIds.GONE);
    }

    /** Ends a walk: drops what it held, reservations, which were made for it alone, and ids that are gone. */
    void endWalk() {
        held = new ArrayList<>();
        rebuild(slots.length, false);
    }

    private void rebuild(int length, boolean amidWalk) {
        int[] old = slots;
        slots = new int[length];
        used = 0;
        for (int slot = 0; slot < old.length; slot += WIDTH) {
            int id = old[slot + 1];
            if (id < 0 ? amidWalk : id > 0 && objects.shape(id) != ObjectIds.GONE) {
                insert(old[slot], id, amidWalk ? old[slot + 2] : 0);
            }
        }
    }

    private void insert(int hash, int id, int number) {
        int slot = first(hash);
        while (slots[slot + 1] != 0) {
            slot = next(slot);
        }
        slots[slot] = hash;
        slots[slot + 1] = id;
        slots[slot + 2] = number;
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
