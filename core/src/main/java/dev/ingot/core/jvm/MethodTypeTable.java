package dev.ingot.core.jvm;

import static dev.ingot.core.jvm.Memory.UNSAFE;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The JDK's table of all method types that are in use, kept complete while classes get other identity hash codes.
 *
 * <p>Two method types that are equal must be one object: what was linked with one refuses, for good, a call that was linked with the other.
 * So this table, unlike a cache, may not lack an entry even for a moment, since another thread may link something just then. A type is
 * therefore entered beforehand under each hash code that it can be asked for with while its classes change one after the other, and the
 * entries that are of no use any more are removed at the end.
 *
 * <p>A type that another thread makes for the first time between the end of {@link #addPlaces} and that of {@link #removeOthers} is entered
 * under the hash code of that moment alone, and made a second time if it is asked for again before that end. No thread of the agent may do
 * so, therefore; of others, such as another agent's, {@link #addPlaces} looks again for what was made meanwhile, so that no more than the
 * change itself is left.
 */
final class MethodTypeTable {
    /** A type of more changing classes than this is entered under its last hash code only: each doubles the number of entries. */
    private static final int MOST_CHANGING = 6;

    /** Each key is a weak reference to its type, remembers the hash code and is its own value. */
    private final ConcurrentHashMap<Object, Object> types;

    private final Map<Class<?>, Integer> hashes = new IdentityHashMap<>();

    private final MethodHandle newKey;
    private final long queueOfKey;
    private final long hashOfKey;

    /**
     * @param classes that get the {@code hashes} at the same places
     * @throws IllegalStateException if this JDK is not known
     */
    @SuppressWarnings("unchecked")
    MethodTypeTable(Object internTable, List<Class<?>> classes, List<Integer> hashes) {
        Object table = internTable;
        while (!(table instanceof ConcurrentHashMap)) {
            table = Objects.requireNonNull(UNSAFE.getReference(table, DeclaredFields.offset(table.getClass(), "map")));
        }
        types = (ConcurrentHashMap<Object, Object>) table;
        for (int index = 0; index < classes.size(); index++) {
            this.hashes.put(classes.get(index), hashes.get(index));
        }
        // The type of this very handle makes sure that there is one.
        MethodType present = MethodType.methodType(Object.class, Object.class, ReferenceQueue.class);
        Class<?> keyType = types.keys().nextElement().getClass();
        newKey = TrustedLookup.constructor(keyType, Object.class, ReferenceQueue.class)
                .asType(present);
        queueOfKey = DeclaredFields.offset(Reference.class, "queue");
        hashOfKey = DeclaredFields.offset(keyType, "hashcode");
        if (present.hashCode() != hash(present, 0, List.of())) {
            throw new IllegalStateException(
                    "the hash code of a method type is made in another way in JDK " + Runtime.version());
        }
    }

    /** To be called before the hash of any of the classes changes. */
    void addPlaces() {
        Set<MethodType> entered = Collections.newSetFromMap(new IdentityHashMap<>());
        int before;
        do {
            before = entered.size();
            for (Object key : types.keySet()) {
                MethodType type = typeOf(key);
                if (type != null && entered.add(type)) {
                    for (int hash : hashesToCome(type)) {
                        add(key, type, hash);
                    }
                }
            }
        } while (entered.size() > before);
    }

    /** To be called when all have changed. */
    void removeOthers() {
        for (Object key : types.keySet()) {
            MethodType type = typeOf(key);
            if (type != null && key.hashCode() != type.hashCode()) {
                add(key, type, type.hashCode());
                types.remove(key);
            }
        }
    }

    private static @Nullable MethodType typeOf(Object key) {
        return (MethodType) ((Reference<?>) key).get();
    }

    /** Does nothing if the type is there under that hash. */
    private void add(Object like, MethodType type, int hash) {
        if (hash != like.hashCode()) {
            Object key = newKey(type, (ReferenceQueue<?>) UNSAFE.getReference(like, queueOfKey));
            UNSAFE.putInt(key, hashOfKey, hash);
            types.putIfAbsent(key, key);
        }
    }

    private Object newKey(MethodType type, ReferenceQueue<?> queue) {
        try {
            return (Object) newKey.invokeExact((Object) type, queue);
        } catch (Throwable thrown) {
            throw TrustedLookup.failed("make a key", thrown);
        }
    }

    /** With any of its classes changed and any not: another thread may read them in another order than that in which they change. */
    private Set<Integer> hashesToCome(MethodType type) {
        List<Class<?>> changing = new ArrayList<>();
        for (int index = 0; index <= type.parameterCount(); index++) {
            Class<?> part = index == 0 ? type.returnType() : type.parameterType(index - 1);
            if (hashes.containsKey(part) && !changing.contains(part)) {
                changing.add(part);
            }
        }
        Set<Integer> found = new TreeSet<>();
        int all = (1 << changing.size()) - 1;
        for (int changed = changing.size() > MOST_CHANGING ? all : 0; changed <= all; changed++) {
            found.add(hash(type, changed, changing));
        }
        return found;
    }

    /** As {@link MethodType#hashCode} specifies it, with the new hash for each of {@code changing} whose bit is set. */
    private int hash(MethodType type, int changed, List<Class<?>> changing) {
        int hash = 31 + hash(type.returnType(), changed, changing);
        for (int index = 0; index < type.parameterCount(); index++) {
            hash = 31 * hash + hash(type.parameterType(index), changed, changing);
        }
        return hash;
    }

    private int hash(Class<?> part, int changed, List<Class<?>> changing) {
        int index = changing.indexOf(part);
        return index >= 0 && (changed & 1 << index) != 0
                ? Objects.requireNonNull(hashes.get(part))
                : System.identityHashCode(part);
    }
}
