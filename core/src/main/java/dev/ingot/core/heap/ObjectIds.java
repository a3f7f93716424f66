package dev.ingot.core.heap;

import dev.ingot.core.jvm.IdentityHashes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The ids of the objects found by a walk, consecutive from 1 in order of discovery.
 *
 * <p>An object without an identity hash is given the next unused number as its hash: mark of having been visited and key of
 * its id in one word, which costs no memory and no probing. All others are found through their hash.
 *
 * <p>Objects may be reserved before the walk: finding one yields its negative reservation until it is added.
 */
final class ObjectIds {
    private final ObjectList objects = new ObjectList();
    private final List<Object> reserved = new ArrayList<>();
    private final HashDirectory directory = new HashDirectory();
    private final SideTable side = new SideTable(this);
    private final boolean headers;
    private int handedOut = IdentityHashes.handedOut();
    private int hashOfAdded;

    /** @param headers whether object headers may be used; without, every object goes through the side table */
    ObjectIds(boolean headers) {
        this.headers = headers && IdentityHashes.SUPPORTED;
    }

    int count() {
        return objects.size();
    }

    Object get(int id) {
        return Objects.requireNonNull(objects.get(id));
    }

    /** The object behind an id or behind a reservation. */
    Object at(int idOrReservation) {
        return idOrReservation > 0 ? get(idOrReservation) : reserved.get(-idOrReservation - 1);
    }

    /** The id of {@code object}; negative if it is only reserved, 0 if it is unknown. */
    int find(Object object) {
        if (headers) {
            int hash = IdentityHashes.inHeader(object);
            if (hash == 0) {
                return 0;
            }
            int id = directory.get(hash == IdentityHashes.UNREADABLE ? System.identityHashCode(object) : hash);
            if (id != 0 && at(id) == object) {
                return id;
            }
        }
        return side.find(object);
    }

    /** Gives the next id to an object that has none. */
    int add(Object object) {
        int id = objects.add(object);
        hashOfAdded = put(object, id);
        return id;
    }

    /** The identity hash code that the object added last had already, or 0 if nobody can have seen one. */
    int hashOfAdded() {
        return hashOfAdded;
    }

    /** Makes {@link #find} recognise an object that is not part of the walk yet; of two reservations the first counts. */
    void reserve(Object object) {
        reserved.add(object);
        if (find(object) == 0) {
            put(object, -reserved.size());
        }
    }

    /** Notes which hashes were handed out, so that the next walk goes on from there. */
    void close() {
        IdentityHashes.handOutUpTo(handedOut);
    }

    private int put(Object object, int id) {
        if (headers && handedOut < Integer.MAX_VALUE && IdentityHashes.inHeader(object) == 0) {
            int hash = handedOut + 1;
            if (directory.put(hash, id)) {
                handedOut = hash;
                if (IdentityHashes.claim(object, hash)) {
                    return 0;
                }
                directory.put(hash, 0);
            }
        }
        return putHashed(object, id);
    }

    private int putHashed(Object object, int id) {
        int hash = System.identityHashCode(object);
        int taken = hash <= handedOut ? directory.get(hash) : 0;
        boolean direct = headers && hash <= handedOut && (taken == 0 || at(taken) == object);
        if (!direct || !directory.put(hash, id)) {
            side.put(object, id);
        }
        return hash;
    }
}
