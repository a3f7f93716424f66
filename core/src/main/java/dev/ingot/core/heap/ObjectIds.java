package dev.ingot.core.heap;

import dev.ingot.core.jvm.IdentityHashes;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The ids of objects, consecutive from 1 in order of discovery, over one walk or several.
 *
 * <p>An object without an identity hash is given the next unused number as its hash, and a bit in its header that says so: no other
 * object has that number, so it is the key to the id, which costs no memory and no probing. All others are found through their hash,
 * and held while the walk goes on. Of the former, those are held whose turn is still to come.
 *
 * <p>Between walks no object is held. An id of an earlier walk belongs in the next one to whatever object of the same hash
 * asks first and has the same shape. That need not be the same object, if that one is gone or had its hash from the JVM: an id is a
 * name, it has to be one object's within a walk, and what an image says of an id is compared with the object that has it now.
 *
 * <p>Objects may be reserved before a walk: finding one yields its negative reservation until it is added.
 */
final class ObjectIds implements AutoCloseable {
    /** Result of {@link #find} for an object that has no id in this walk yet; {@link #candidate} may be its id of old. */
    static final int RETURNING = Integer.MIN_VALUE;

    /** Shape of an object that is looked up by name. */
    static final int NAMED = -1;

    /** Shape of an object that is made of a description. */
    static final int DESCRIBED = -2;

    /** Shape of an id of an image that was read, which nobody here is to have again. */
    static final int UNKNOWN = -4;

    /** Shape of an id whose object is gone. */
    static final int GONE = -3;

    private final HashDirectory directory = new HashDirectory();
    private final SideTable side = new SideTable(this);
    private final ShapeTable shapes;
    private final Map<Integer, WeakReference<Object>> named = new HashMap<>();
    private final boolean headers;
    private final boolean holdsAll;
    private int count;

    /** By id, where all are held. */
    private ObjectList objects = new ObjectList();

    private WaitingObjects waiting = new WaitingObjects();
    private NativeTable found = NativeTable.ofInts();
    /** Which ids of earlier walks were found in this one, 64 of them a number. */
    private NativeTable returned = NativeTable.ofLongs();

    private List<Object> reserved = new ArrayList<>();
    private int before;
    private int visited;
    private int candidate;
    private int handedOut = IdentityHashes.handedOut();
    private int hashOfAdded;

    private ObjectIds(boolean headers, boolean holdsAll, ShapeTable shapes) {
        this.headers = headers;
        this.holdsAll = holdsAll;
        this.shapes = shapes;
    }

    /** For walks. Where object headers cannot be used, every object goes through the side table. */
    static ObjectIds ofWalks() {
        return new ObjectIds(IdentityHashes.MARKS, false, ShapeTable.exact());
    }

    /** For a single walk, which takes half of the memory: of shapes that are not negative it is not remembered which they are. */
    static ObjectIds ofOneWalk() {
        return new ObjectIds(IdentityHashes.MARKS, false, ShapeTable.ofSigns());
    }

    /** For what explains a walk: each object can be had by its id at any time. */
    static ObjectIds holdingAll(boolean headers) {
        return new ObjectIds(headers && IdentityHashes.MARKS, true, ShapeTable.ofSigns());
    }

    /** Begins another walk. */
    void begin() {
        before = count;
        visited = 0;
        handedOut = IdentityHashes.handedOut();
    }

    /** How many ids there are, whether or not their objects were found in this walk. */
    int count() {
        return count;
    }

    /** How many of them there were before this walk. */
    int before() {
        return before;
    }

    /** How many objects were found in this walk. */
    int visited() {
        return visited;
    }

    /** The id of the object that was found in that place of the order, from 1 on. */
    int idAt(int place) {
        return before == 0 ? place : found.getInt(place);
    }

    /** The object that was found in that place. Each place can be asked for once, after which its object is let go. */
    Object take(int place) {
        return waiting.take(place);
    }

    /** The object of an id, where all are held. */
    Object get(int id) {
        return Objects.requireNonNull(objects.get(id));
    }

    /** The object behind a reservation. */
    Object reserved(int reservation) {
        return reserved.get(-reservation - 1);
    }

    /** What a walk noted of the object's shape: not negative, or one of the constants. Of ids for one walk, no more than the sign. */
    int shape(int id) {
        return shapes.get(id);
    }

    /** The id of {@code object}; negative if it is only reserved, 0 if it is unknown, or {@link #RETURNING}. */
    int find(Object object) {
        if (!headers) {
            return findBeside(object, System.identityHashCode(object));
        }
        long header = IdentityHashes.header(object);
        int hash = IdentityHashes.hashOf(header);
        if (hash == 0) {
            return 0;
        }
        if (hash == IdentityHashes.UNREADABLE) {
            return findLocked(object, System.identityHashCode(object));
        }
        int direct = IdentityHashes.hasMark(header) ? directory.get(hash) : 0;
        return direct == 0 ? findBeside(object, hash) : known(direct);
    }

    /** It may have been found before it was locked. */
    private int findLocked(Object object, int hash) {
        int direct = directory.get(hash);
        return direct != 0 && IdentityHashes.isMarked(object) ? known(direct) : findBeside(object, hash);
    }

    private int known(int direct) {
        if (isFree(direct)) {
            candidate = direct;
            return RETURNING;
        }
        return direct > 0 && shapes.get(direct) == GONE ? 0 : direct;
    }

    private int findBeside(Object object, int hash) {
        int found = side.find(object, hash);
        candidate = found == RETURNING ? side.candidate() : 0;
        return found;
    }

    /** After a find said {@link #RETURNING}: the id that the object may have again. */
    int candidate() {
        return candidate;
    }

    /** Whether the id is one of an earlier walk that nobody has claimed in this one. */
    boolean isFree(int id) {
        return id > 0 && id <= before && !hasReturned(id) && shapes.get(id) != GONE;
    }

    /** Whether an object that is looked up by name is the one that had this id before. */
    boolean isSameNamed(int id, Object object) {
        WeakReference<Object> known = named.get(id);
        return known != null && known.refersTo(object);
    }

    /** Gives the object an id that it may have had before. */
    void visit(int id, Object object) {
        returned.put(id >>> 6, returned.getLong(id >>> 6) | 1L << id);
        place(id, object);
        int hash = System.identityHashCode(object);
        if (directory.get(hash) != id || !headers || !IdentityHashes.isMarked(object)) {
            side.hold(object, hash, id);
        }
    }

    private boolean hasReturned(int id) {
        return (returned.getLong(id >>> 6) & 1L << id) != 0;
    }

    /** Gives the next id to an object that has none in this walk. */
    int add(Object object, int shape) {
        int id = ++count;
        shapes.put(id, shape);
        if (shape == NAMED) {
            named.put(id, new WeakReference<>(object));
        }
        place(id, object);
        hashOfAdded = put(object, id);
        return id;
    }

    /**
     * Gives the next id to the object that has it in an image that was read; {@link #end} follows.
     *
     * @param object null if its shape says that there is none
     */
    void takeOver(@Nullable Object object, int shape) {
        int id = ++count;
        shapes.put(id, shape);
        if (object != null) {
            if (shape == NAMED) {
                named.put(id, new WeakReference<>(object));
            }
            int unused = put(object, id);
        }
    }

    private void place(int id, Object object) {
        visited++;
        waiting.add(object);
        if (holdsAll) {
            objects.set(id, object);
        }
        if (before > 0) {
            found.put(visited, id);
        }
    }

    /** The identity hash code that the object added last had already, or 0 if it was given the next number. */
    int hashOfAdded() {
        return hashOfAdded;
    }

    /** The highest number that was given to an object so far. */
    int handedOut() {
        return handedOut;
    }

    /** Makes {@link #find} recognise an object that is not part of the walk yet; of two reservations the first counts. */
    void reserve(Object object) {
        reserved.add(object);
        int known = find(object);
        if (known == 0 || (known == RETURNING && !isSameNamed(candidate, object))) {
            put(object, -reserved.size());
        }
    }

    /** Takes the ids that no object has in this walk away for good. */
    IntList retire() {
        IntList retired = new IntList();
        for (int id = 1; id <= before; id++) {
            if (isFree(id)) {
                shapes.put(id, GONE);
                named.remove(id);
                retired.add(id);
            }
        }
        return retired;
    }

    /** Lets go of the objects; ids stay known. */
    void end() {
        noteHandedOut();
        for (int index = 0; index < reserved.size(); index++) {
            int hash = System.identityHashCode(reserved.get(index));
            if (directory.get(hash) == -index - 1) {
                directory.put(hash, 0);
            }
        }
        side.endWalk();
        reserved = new ArrayList<>();
        waiting = new WaitingObjects();
        found.close();
        returned.close();
    }

    /** Notes which hashes were handed out, so that the next walk goes on from there. */
    void noteHandedOut() {
        IdentityHashes.handOutUpTo(handedOut);
    }

    /** Gives memory back; no id is found any more. */
    @Override
    public void close() {
        noteHandedOut();
        directory.close();
        shapes.close();
        found.close();
        returned.close();
    }

    private int put(Object object, int id) {
        if (headers && handedOut < Integer.MAX_VALUE && IdentityHashes.inHeader(object) == 0) {
            int hash = handedOut + 1;
            if (directory.put(hash, id)) {
                if (IdentityHashes.claimMarked(object, hash)) {
                    handedOut = hash;
                    return 0;
                }
                directory.put(hash, 0);
            }
        }
        return putHashed(object, id);
    }

    private int putHashed(Object object, int id) {
        int hash = System.identityHashCode(object);
        if (!headers || !IdentityHashes.isMarked(object) || !directory.put(hash, id)) {
            side.put(object, hash, id);
        }
        return hash;
    }
}
