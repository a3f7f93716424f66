package dev.ingot.core.jvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
        Map<Object, Integer> before = hashesOf(keys);
        keys.forEach(Key::takeIdentityHash);

        assertThat(HashTables.rehash(table, before)).isTrue();

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
        Map<Object, Integer> before = hashesOf(keys);
        keys.forEach(Key::takeIdentityHash);
        Object entry = table.entrySet().iterator().next();
        Memory.UNSAFE.putReference(
                entry, DeclaredFields.offset(Class.forName("java.util.HashMap$Node"), "next"), entry);

        assertThatThrownBy(() -> HashTables.rehash(table, before)).hasMessageContaining("do not end");
    }

    @ParameterizedTest
    @MethodSource("tables")
    void leavesTablesWithoutChangedKeysAlone(Map<Object, Integer> table) {
        List<Key> keys = fill(table);
        String before = table.toString();

        assertThat(HashTables.rehash(table, hashesOf(List.of(new Key(1))))).isTrue();

        assertThat(table).hasToString(before);
        assertThat(table.get(keys.get(7))).isEqualTo(7);
    }

    @ParameterizedTest
    @MethodSource("tables")
    void findsKeysByTheirContentsWhoseIdentityHashChanged(Map<Object, Integer> table) {
        fill(table);
        Map<Object, Integer> changed = new IdentityHashMap<>();
        TEXTS.forEach(text -> changed.put(text, System.identityHashCode(text) + 1));

        assertThat(HashTables.rehash(table, changed)).isTrue();

        for (int index = 0; index < KEYS; index++) {
            assertThat(table.get("text " + index)).isEqualTo(-index);
        }
    }

    @Test
    void keepsInsertionOrder() {
        Map<Object, Integer> table = new LinkedHashMap<>();
        List<Key> keys = fill(table);
        List<Integer> values = new ArrayList<>(table.values());
        Map<Object, Integer> before = hashesOf(keys);
        keys.forEach(Key::takeIdentityHash);

        HashTables.rehash(table, before);

        assertThat(table.values()).containsExactlyElementsOf(values);
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

    private static Map<Object, Integer> hashesOf(List<Key> keys) {
        Map<Object, Integer> hashes = new IdentityHashMap<>();
        keys.forEach(key -> hashes.put(key, key.hash));
        return hashes;
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
