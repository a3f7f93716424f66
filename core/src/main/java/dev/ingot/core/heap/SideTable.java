package dev.ingot.core.heap;

/** From objects to ids by identity hash code, in an open-addressing table of ids only. */
final class SideTable {
    private final ObjectIds objects;
    private int[] slots = new int[1 << 10];
    private int used;

    SideTable(ObjectIds objects) {
        this.objects = objects;
    }

    int find(Object object) {
        return slots[slot(object)];
    }

    /** Puts an object, or gives it another id. */
    void put(Object object, int id) {
        int slot = slot(object);
        if (slots[slot] == 0 && ++used * 2L > slots.length) {
            grow();
            slot = slot(object);
        }
        slots[slot] = id;
    }

    private int slot(Object object) {
        int mask = slots.length - 1;
        int slot = mix(System.identityHashCode(object)) & mask;
        while (slots[slot] != 0 && objects.at(slots[slot]) != object) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    /** Identity hashes that an image handed out are consecutive; unmixed they would form one long run. */
    private static int mix(int hash) {
        int mixed = hash * 0x9E3779B9;
        return mixed ^ (mixed >>> 15);
    }

    private void grow() {
        int[] old = slots;
        slots = new int[old.length * 2];
        for (int id : old) {
            if (id != 0) {
                Object object = objects.at(id);
                slots[slot(object)] = id;
            }
        }
    }
}
