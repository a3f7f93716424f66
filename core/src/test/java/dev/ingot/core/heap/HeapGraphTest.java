package dev.ingot.core.heap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.core.jdk.access.Slot;
import java.lang.management.ManagementFactory;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.SoftReference;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HeapGraphTest {

    @Test
    void restoresCyclesAndAliases() throws Exception {
        Node first = new Node();
        Node second = new Node();
        first.next = second;
        second.next = first;
        Object[] root = {first, first, second};

        Object[] copy = HeapCopy.copy(root);

        assertThat(copy[0]).isInstanceOf(Node.class).isNotSameAs(first).isSameAs(copy[1]);
        assertThat(((Node) copy[0]).next).isSameAs(copy[2]);
        assertThat(((Node) copy[2]).next).isSameAs(copy[0]);
    }

    @Test
    void restoresListOfMillionsOnSmallStack() throws Exception {
        int length = 3_000_000;
        Node head = new Node();
        for (int value = 1; value < length; value++) {
            Node node = new Node();
            node.value = value;
            node.next = head;
            head = node;
        }
        Node start = head;
        List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
        Thread small = new Thread(
                null,
                () -> {
                    try {
                        int value = length;
                        for (Node node = HeapCopy.copy(start); node != null; node = node.next) {
                            assertThat(node.value).isEqualTo(--value);
                        }
                        assertThat(value).isZero();
                    } catch (Throwable failure) {
                        failures.add(failure);
                    }
                },
                "small stack",
                1 << 20);
        small.start();
        small.join();

        assertThat(failures).isEmpty();
    }

    @Test
    void restoresArraysOfAllKinds() throws Exception {
        Random random = new Random(7);
        long[] longs = random.longs(300_001).toArray();
        byte[] bytes = new byte[1_000_003];
        random.nextBytes(bytes);
        Object[] root = {
            longs,
            bytes,
            new boolean[] {true, false, true},
            new char[] {'a', '\uffff'},
            new short[] {Short.MIN_VALUE, 5},
            new int[] {1, -1, Integer.MAX_VALUE},
            new float[] {Float.NaN, -0f},
            new double[] {Math.PI},
            new int[0],
            new String[][] {{"x", null}, null, {}},
            new Object[0],
            new int[][][] {{{1}, {2, 3}}}
        };

        Object[] copy = HeapCopy.copy(root);

        assertThat(Arrays.deepEquals(copy, root)).isTrue();
        for (int index = 0; index < root.length; index++) {
            assertThat(copy[index]).isNotSameAs(root[index]).hasSameClassAs(root[index]);
        }
    }

    @Test
    void restoresAllPrimitiveFieldsOfSubclassAndSuperclass() throws Exception {
        Wide wide = new Wide();
        wide.flag = true;
        wide.octet = -3;
        wide.letter = '\u4711';
        wide.small = -12345;
        wide.number = 0x12345678;
        wide.large = Long.MIN_VALUE + 1;
        wide.single = 1.5f;
        wide.exact = -2.25;
        wide.below = 77;

        assertThat(HeapCopy.copy(wide)).usingRecursiveComparison().isEqualTo(wide);
    }

    @Test
    void restoresStringsOfBothKinds() throws Exception {
        String[] root = {"", "plain", "\u00e9\u00ff", "\u20ac\ud83d\ude00", "\ud800 alone", "x".repeat(3_000_000)};

        assertThat(HeapCopy.copy(root)).containsExactly(root);
    }

    @Test
    void keepsLiteralsInternedAndOthersNot() throws Exception {
        String literal = "a literal of this test";
        String[] root = {literal, new String(literal)};

        String[] copy = new HeapCopy().withStatics(HeapGraphTest.class).roundTrip(root);

        assertThat(copy[0]).isSameAs(literal);
        assertThat(copy[1]).isEqualTo(literal).isNotSameAs(literal);
    }

    @Test
    void restoresRecordsEnumsAndCollections() throws Exception {
        Map<String, Object> map = new HashMap<>();
        for (int index = 0; index < 1000; index++) {
            map.put("key " + index, new Point(index, Colour.values()[index % 2]));
        }
        map.put("list", List.of(1, 2L, 'c', 2.5));
        map.put("concurrent", new ConcurrentHashMap<>(Map.of("a", "b")));

        assertThat(HeapCopy.copy(new Object[] {map, Colour.class})[0].toString())
                .isEqualTo(map.toString());
    }

    @Test
    void refersToSingletonsOfTheJdk() throws Exception {
        Object[] root = {
            Collections.EMPTY_LIST,
            Boolean.valueOf(true),
            Integer.valueOf(100),
            TimeUnit.SECONDS,
            System.out,
            ClassLoader.getSystemClassLoader(),
            String.class.getModule(),
            HeapGraphTest.class.getModule(),
            int.class,
            String[].class,
            HeapGraphTest.class,
            java.util.Locale.GERMANY,
            java.nio.charset.StandardCharsets.UTF_8,
            Thread.currentThread().getThreadGroup()
        };

        Object[] copy = HeapCopy.copy(root);

        for (int index = 0; index < root.length; index++) {
            assertThat(copy[index]).isSameAs(root[index]);
        }
    }

    @Test
    void keepsIdentityHashCodesThatWereSeen() throws Exception {
        Object seen = new Object();
        IdentityHashMap<Object, String> byIdentity = new IdentityHashMap<>();
        HashMap<Object, String> byHash = new HashMap<>();
        Object[] keys = new Object[5000];
        for (int index = 0; index < keys.length; index++) {
            keys[index] = index % 2 == 0 ? new Object() : new int[index % 7];
            byIdentity.put(keys[index], "identity " + index);
            byHash.put(keys[index], "hash " + index);
        }
        int hash = System.identityHashCode(seen);

        Object[] copy = HeapCopy.copy(new Object[] {seen, byIdentity, byHash, keys});

        assertThat(System.identityHashCode(copy[0])).isEqualTo(hash);
        Object[] copiedKeys = (Object[]) copy[3];
        for (int index = 0; index < keys.length; index++) {
            assertThat(((Map<?, ?>) copy[1]).get(copiedKeys[index])).isEqualTo("identity " + index);
            assertThat(((Map<?, ?>) copy[2]).get(copiedKeys[index])).isEqualTo("hash " + index);
        }
    }

    @Test
    void restoresLockedAndInflatedObjects() throws Exception {
        Object inflated = new Object();
        synchronized (inflated) {
            for (int round = 0; round < 2; round++) {
                inflated.wait(1);
            }
        }
        Object locked = new Object();
        Object[] root = {inflated, locked, inflated, locked};
        Object[] copy;
        synchronized (locked) {
            copy = HeapCopy.copy(root);
        }

        assertThat(copy[0]).isSameAs(copy[2]).isNotSameAs(copy[1]);
        assertThat(copy[1]).isSameAs(copy[3]);
        assertThat(System.identityHashCode(copy[0])).isEqualTo(System.identityHashCode(inflated));
        assertThat(System.identityHashCode(copy[1])).isEqualTo(System.identityHashCode(locked));
    }

    @Test
    void findsAnObjectOfAnEarlierImageWhoseHeaderHoldsAMonitor() throws Exception {
        Object handed = new Object();
        HeapCopy.copy(handed);

        Object[] copy;
        synchronized (handed) {
            copy = HeapCopy.copy(new Object[] {handed, handed});
        }

        assertThat(copy[0]).isSameAs(copy[1]);
    }

    @Test
    void restoresReferencesAndTheirQueues() throws Exception {
        ReferenceQueue<Object> queue = new ReferenceQueue<>();
        Object kept = new Object();
        WeakReference<Object> weak = new WeakReference<>(kept, queue);
        SoftReference<Object> soft = new SoftReference<>(kept);
        WeakReference<Object> enqueued = new WeakReference<>(new Object(), queue);
        enqueued.enqueue();

        Object[] copy = HeapCopy.copy(new Object[] {kept, weak, soft, enqueued, queue});

        assertThat(((WeakReference<?>) copy[1]).get()).isSameAs(copy[0]);
        assertThat(((SoftReference<?>) copy[2]).get()).isSameAs(copy[0]);
        assertThat(((ReferenceQueue<?>) copy[4]).poll()).isSameAs(copy[3]);
        assertThat(((ReferenceQueue<?>) copy[4]).poll()).isNull();
        ((WeakReference<?>) copy[1]).enqueue();
        assertThat(((ReferenceQueue<?>) copy[4]).poll()).isSameAs(copy[1]);
    }

    /** The JVM leaves the class at each, which may be one that it made for method handles. */
    @Test
    void restoresStackTracesOfThreadsWithoutTheirClasses() throws Exception {
        StackTraceElement[] trace = ManagementFactory.getThreadMXBean()
                .getThreadInfo(Thread.currentThread().getId(), Integer.MAX_VALUE)
                .getStackTrace();

        StackTraceElement[] copy = HeapCopy.copy(trace);

        assertThat(copy).isEqualTo(trace);
        assertThat(Slot.of(StackTraceElement.class, "declaringClassObject").get(copy[0]))
                .isNull();
    }

    @Test
    void restoresThrowablesWithTheirStackTraces() throws Exception {
        RuntimeException inner = new RuntimeException("inner");
        IllegalStateException thrown = new IllegalStateException("outer", inner);
        thrown.addSuppressed(new Exception("suppressed"));

        IllegalStateException copy = HeapCopy.copy(thrown);

        assertThat(copy.getStackTrace()).isNotEmpty().isEqualTo(thrown.getStackTrace());
        assertThat(copy)
                .cause()
                .satisfies(cause -> assertThat(cause.getStackTrace()).isEqualTo(inner.getStackTrace()));
        assertThat(copy.getSuppressed()[0]).hasMessage("suppressed");
    }

    @Test
    void setsStaticFieldsFinalOnesToo() throws Exception {
        HeapCopy heap = new HeapCopy().withStatics(Counters.class);
        List<String> names = Counters.NAMES;
        Counters.count = 42;
        names.add("before");
        byte[] image = heap.write(new Object[] {names});
        Counters.count = 0;

        Object[] copy = (Object[]) heap.read(image).root();

        assertThat(Counters.count).isEqualTo(42);
        assertThat(Counters.NAMES).isSameAs(copy[0]).isNotSameAs(names).containsExactly("before");
    }

    @Test
    void writesSameGraphTwice() throws Exception {
        Node node = new Node();
        node.next = node;
        HeapCopy heap = new HeapCopy();
        heap.write(node);
        int hash = System.identityHashCode(node);

        Node copy = heap.roundTrip(node);

        assertThat(copy.next).isSameAs(copy);
        assertThat(System.identityHashCode(copy)).isEqualTo(hash);
    }

    private static final class Node {
        int value;

        @Nullable Node next;
    }

    @SuppressWarnings("UnusedVariable") // Compared by reflection.
    private static class Narrow {
        byte below;
    }

    @SuppressWarnings("UnusedVariable") // Compared by reflection.
    private static final class Wide extends Narrow {
        boolean flag;
        byte octet;
        char letter;
        short small;
        int number;
        long large;
        float single;
        double exact;
    }

    private record Point(int x, Colour colour) {}

    private enum Colour {
        RED,
        GREEN
    }

    private static final class Counters {
        static final List<String> NAMES = new ArrayList<>();
        static int count;
    }
}
