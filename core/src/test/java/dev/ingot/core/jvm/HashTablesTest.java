package dev.ingot.core.jvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HashTablesTest {
    private static final int KEYS = 500;
    /** Held, so that no weak table loses them during a test. */
    private static final List<String> TEXTS =
            IntStream.range(0, KEYS).mapToObj(index -> "text " + index).toList();

    @SuppressWarnings("JdkObsolete") // Programs have such tables.
    static Stream<Map<Object, Integer>> tables() {
        return Stream.of(
                new HashMap<>(),
                new LinkedHashMap<>(),
                new Hashtable<>(),
                new ConcurrentHashMap<>(),
                new WeakHashMap<>());
    }

    @ParameterizedTest
    @MethodSource("tables")
    void findsKeysByTheirNewHashes(Map<Object, Integer> table) {
        List<Key> keys = fill(table);
        keys.forEach(Key::takeIdentityHash);

        assertThat(HashTables.rehash(table, identitySet(keys))).isTrue();

        for (int index = 0; index < KEYS; index++) {
            assertThat(table.get(keys.get(index))).isEqualTo(index);
            assertThat(table.get("text " + index)).isEqualTo(-index);
        }
        assertThat(table).hasSize(2 * KEYS);
        keys.forEach(table::remove);
        assertThat(table).hasSize(KEYS);
    }

    @Test
    void refusesAChainOfEntriesThatLeadsBackIntoItself() throws ClassNotFoundException {
        Map<Object, Integer> table = new HashMap<>();
        List<Key> keys = fill(table);
        keys.forEach(Key::takeIdentityHash);
        Object entry = table.entrySet().iterator().next();
        Memory.UNSAFE.putReference(
                entry, DeclaredFields.offset(Class.forName("java.util.HashMap$Node"), "next"), entry);

        assertThatThrownBy(() -> HashTables.rehash(table, identitySet(keys))).hasMessageContaining("do not end");
    }

    @ParameterizedTest
    @MethodSource("tables")
    void leavesTablesWithoutChangedKeysAlone(Map<Object, Integer> table) {
        List<Key> keys = fill(table);
        String before = table.toString();

        assertThat(HashTables.rehash(table, identitySet(List.of(new Key(1))))).isTrue();

        assertThat(table).hasToString(before);
        assertThat(table.get(keys.get(7))).isEqualTo(7);
    }

    @Test
    void keepsInsertionOrder() {
        Map<Object, Integer> table = new LinkedHashMap<>();
        List<Key> keys = fill(table);
        List<Integer> before = new ArrayList<>(table.values());
        keys.forEach(Key::takeIdentityHash);

        HashTables.rehash(table, identitySet(keys));

        assertThat(table.values()).containsExactlyElementsOf(before);
    }

    /** Every tenth key shares one hash, so that maps which can build trees do. */
    private static List<Key> fill(Map<Object, Integer> table) {
        List<Key> keys = new ArrayList<>();
        for (int index = 0; index < KEYS; index++) {
            Key key = new Key(index % 10 == 0 ? 0 : index * 7919);
            keys.add(key);
            table.put(key, index);
            table.put(TEXTS.get(index), -index);
        }
        return keys;
    }

    private static Set<Object> identitySet(List<Key> keys) {
        Set<Object> set = Collections.newSetFromMap(new IdentityHashMap<>());
        set.addAll(keys);
        return set;
    }

    private static final class Key {
        private int hash;

        Key(int hash) {
            this.hash = hash;
        }

        void takeIdentityHash() {
            hash = System.identityHashCode(this);
        }

        @Override
        public int hashCode() {
            return hash;
        }

        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public String toString() {
            return "key " + hash;
        }
    }
}
