package dev.ingot.core.jvm;

import static dev.ingot.core.jvm.Memory.UNSAFE;

import java.lang.invoke.MethodHandle;
import java.lang.ref.Reference;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Moves entries of the JDK's hash tables to where they belong after the identity hash codes of some keys changed. Calls no
 * method of a key: only keys with changed hashes are hashed anew, all others by the hash stored beside them. Whether a key is hashed
 * by its identity, as a string is not, is seen from that stored hash.
 */
public final class HashTables {
    private static final ChainedTable HASH_MAP = new ChainedTable(HashMap.class, "java.util.HashMap$Node", "key");
    private static final ChainedTable HASHTABLE = new ChainedTable(Hashtable.class, "java.util.Hashtable$Entry", "key");
    private static final ChainedTable CONCURRENT =
            new ChainedTable(ConcurrentHashMap.class, "java.util.concurrent.ConcurrentHashMap$Node", "key");
    private static final ChainedTable WEAK = new ChainedTable(WeakHashMap.class, "java.util.WeakHashMap$Entry", null);

    private static final long IDENTITY_TABLE = DeclaredFields.offset(IdentityHashMap.class, "table");
    private static final MethodHandle IDENTITY_INDEX =
            TrustedLookup.staticMethod(IdentityHashMap.class, "hash", int.class, Object.class, int.class);

    private static final Class<?> TREE_NODE = named("java.util.HashMap$TreeNode");
    private static final MethodHandle PLAIN_NODE =
            TrustedLookup.method(HashMap.class, "replacementNode", HASH_MAP.node, HASH_MAP.node, HASH_MAP.node);

    private static final Class<?> TREE_BIN = named("java.util.concurrent.ConcurrentHashMap$TreeBin");
    private static final long TREE_BIN_FIRST = DeclaredFields.offset(TREE_BIN, "first");
    private static final MethodHandle CONCURRENT_NODE =
            TrustedLookup.constructor(CONCURRENT.node, int.class, Object.class, Object.class);
    private static final long CONCURRENT_VALUE = DeclaredFields.offset(CONCURRENT.node, "val");

    private HashTables() {}

    /**
     * Moves the entries of {@code table}, if it is a hash table and a key is among {@code changed}.
     *
     * @param changed the identity hash code that each object had before; a map by identity
     * @return whether every entry lies where it belongs; a concurrent map that was just growing cannot be helped
     */
    public static boolean rehash(Object table, Map<Object, Integer> changed) {
        if (table instanceof IdentityHashMap<?, ?> map) {
            rehashIdentity(map, changed);
            return true;
        } else if (table instanceof HashMap) {
            return HASH_MAP.rehash(table, changed, HashTables::plainNode, HashTables::spread);
        } else if (table instanceof ConcurrentHashMap) {
            return CONCURRENT.rehash(table, changed, HashTables::concurrentNode, HashTables::spread);
        } else if (table instanceof WeakHashMap) {
            return WEAK.rehash(table, changed, (map, node) -> node, HashTables::spreadWidely);
        } else if (table instanceof Hashtable) {
            return HASHTABLE.rehash(table, changed, (map, node) -> node, identity -> identity);
        }
        return true;
    }

    /** As {@code HashMap.hash} and {@code ConcurrentHashMap.spread} do it, the hash of an object being positive. */
    private static int spread(int identity) {
        return identity ^ (identity >>> 16);
    }

    /** As {@code WeakHashMap.hash} does it. */
    private static int spreadWidely(int identity) {
        int hash = identity ^ (identity >>> 20) ^ (identity >>> 12);
        return hash ^ (hash >>> 7) ^ (hash >>> 4);
    }

    private static Object plainNode(Object map, Object node) {
        if (!TREE_NODE.isInstance(node)) {
            return node;
        }
        try {
            return PLAIN_NODE.invoke((HashMap<?, ?>) map, node, null);
        } catch (Throwable failure) {
            throw TrustedLookup.failed("turn a tree of a hash map into a list", failure);
        }
    }

    private static Object concurrentNode(Object map, Object node) {
        if (node.getClass() == CONCURRENT.node) {
            return node;
        }
        try {
            return CONCURRENT_NODE.invoke(
                    CONCURRENT.hashOf(node), CONCURRENT.keyOf(node), UNSAFE.getReference(node, CONCURRENT_VALUE));
        } catch (Throwable failure) {
            throw TrustedLookup.failed("turn a tree of a concurrent hash map into a list", failure);
        }
    }

    private static void rehashIdentity(IdentityHashMap<?, ?> map, Map<Object, Integer> changed) {
        Object[] table = (Object[]) UNSAFE.getReference(map, IDENTITY_TABLE);
        boolean affected = false;
        for (int index = 0; index < table.length; index += 2) {
            affected |= table[index] != null && changed.containsKey(table[index]);
        }
        if (affected) {
            Object[] moved = new Object[table.length];
            for (int index = 0; index < table.length; index += 2) {
                if (table[index] != null) {
                    putByIdentity(moved, table[index], table[index + 1]);
                }
            }
            System.arraycopy(moved, 0, table, 0, table.length);
        }
    }

    private static void putByIdentity(Object[] table, Object key, @Nullable Object value) {
        int index = identityIndex(key, table.length);
        while (table[index] != null) {
            index = (index + 2) % table.length;
        }
        table[index] = key;
        table[index + 1] = value;
    }

    private static int identityIndex(Object key, int length) {
        try {
            return (int) IDENTITY_INDEX.invokeExact(key, length);
        } catch (Throwable failure) {
            throw TrustedLookup.failed("find the place of a key in an IdentityHashMap", failure);
        }
    }

    static Class<?> named(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException("cannot find " + name + " in JDK " + Runtime.version(), e);
        }
    }

    @FunctionalInterface
    private interface NodeReplacement {
        Object apply(Object map, Object node);
    }

    @FunctionalInterface
    private interface Hash {
        int of(int identity);
    }

    /** A table of linked nodes that carry key and hash. */
    private static final class ChainedTable {
        final Class<?> node;
        final long tableOffset;
        final long hashOffset;
        final long nextOffset;
        /** Negative where the node itself is a reference to its key. */
        final long keyOffset;

        ChainedTable(Class<?> map, String nodeName, @Nullable String key) {
            node = named(nodeName);
            tableOffset = DeclaredFields.offset(map, "table");
            hashOffset = DeclaredFields.offset(node, "hash");
            nextOffset = DeclaredFields.offset(node, "next");
            keyOffset = key == null ? -1 : DeclaredFields.offset(node, key);
        }

        boolean rehash(Object map, Map<Object, Integer> changed, NodeReplacement replacement, Hash hash) {
            Object[] table = (Object[]) UNSAFE.getReferenceVolatile(map, tableOffset);
            if (table == null) {
                return true;
            }
            List<Object> nodes = nodes(table);
            if (nodes.stream().noneMatch(each -> hasChanged(each, changed, hash))) {
                return true;
            }
            if (map instanceof ConcurrentHashMap && nodes.stream().anyMatch(each -> hashOf(each) < 0)) {
                return false;
            }
            Object[] moved = (Object[]) Array.newInstance(table.getClass().getComponentType(), table.length);
            Object[] tails = new Object[table.length];
            for (Object each : nodes) {
                Object plain = replacement.apply(map, each);
                if (hasChanged(plain, changed, hash)) {
                    UNSAFE.putInt(plain, hashOffset, hash.of(System.identityHashCode(keyOf(plain))));
                }
                append(plain, moved, tails);
            }
            System.arraycopy(moved, 0, table, 0, table.length);
            return true;
        }

        /** Whether the key of a node is hashed by its identity, and that is another one now. */
        private boolean hasChanged(Object each, Map<Object, Integer> changed, Hash hash) {
            Object key = keyOf(each);
            Integer before = key == null ? null : changed.get(key);
            return before != null && hashOf(each) == hash.of(before);
        }

        private void append(Object plain, Object[] moved, Object[] tails) {
            int bin = Integer.remainderUnsigned(hashOf(plain) & Integer.MAX_VALUE, moved.length);
            UNSAFE.putReferenceVolatile(plain, nextOffset, null);
            if (moved[bin] == null) {
                moved[bin] = plain;
            } else {
                UNSAFE.putReferenceVolatile(tails[bin], nextOffset, plain);
            }
            tails[bin] = plain;
        }

        private List<Object> nodes(Object[] table) {
            List<Object> nodes = new ArrayList<>();
            for (Object bin : table) {
                addChain(TREE_BIN.isInstance(bin) ? UNSAFE.getReference(bin, TREE_BIN_FIRST) : bin, nodes);
            }
            return nodes;
        }

        /** Notices a chain that leads back into itself, by Brent's algorithm: an image that was tampered with may have one. */
        private void addChain(@Nullable Object first, List<Object> nodes) {
            Object milestone = null;
            long steps = 0;
            long nextMilestone = 1;
            for (Object each = first; each != null; each = UNSAFE.getReferenceVolatile(each, nextOffset)) {
                if (each == milestone) {
                    throw new IllegalStateException("the entries of a bin do not end");
                }
                nodes.add(each);
                if (++steps == nextMilestone) {
                    milestone = each;
                    nextMilestone *= 2;
                }
            }
        }

        int hashOf(Object each) {
            return UNSAFE.getInt(each, hashOffset);
        }

        @Nullable Object keyOf(Object each) {
            return keyOffset < 0 ? referent(each) : UNSAFE.getReference(each, keyOffset);
        }

        private static @Nullable Object referent(Object reference) {
            return ((Reference<?>) reference).get();
        }
    }
}
