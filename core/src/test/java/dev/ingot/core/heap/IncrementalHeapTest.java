package dev.ingot.core.heap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What images say that go on others; that they say all there is, {@link RandomGraphTest} looks at. */
class IncrementalHeapTest {
    private static final int OBJECTS = 20_000;
    private static final int PART = HeapStream.PART_BYTES;

    @Test
    void whatDidNotChangeIsNotSaidAgain() throws Exception {
        List<Object> list = manyObjects();
        try (HeapChain chain = new HeapChain(new HeapCopy())) {
            chain.write(new Object[] {list});
            int first = chain.lastBytes();

            chain.write(new Object[] {list});

            assertThat(chain.lastBytes()).isLessThan(first / 1000);
            assertThat(chain.read()[0]).isEqualTo(list);
        }
    }

    @Test
    void ofALargeArrayOnlyThePartIsSaidThatChanged() throws Exception {
        long[] numbers = new long[10 * PART / Long.BYTES];
        Object[] references = new Object[10 * PART / Integer.BYTES];
        try (HeapChain chain = new HeapChain(new HeapCopy())) {
            chain.write(new Object[] {numbers, references});
            numbers[numbers.length / 2] = 5;
            references[references.length / 2] = references;

            chain.write(new Object[] {numbers, references});

            assertThat(chain.lastBytes()).isBetween(2 * PART, 2 * PART + 1000);
            Object[] copy = chain.read();
            assertThat((long[]) copy[0]).isEqualTo(numbers);
            Object[] copied = (Object[]) copy[1];
            assertThat(copied[references.length / 2]).isSameAs(copied);
        }
    }

    @Test
    void whatIsGoneIsNotRestored() throws Exception {
        List<String> restored = new ArrayList<>();
        HeapCopy heap = new HeapCopy().withCodecs(new ObjectCodecs(List.of(), List.of(new TicketCodec(restored))));
        Ticket kept = new Ticket("kept");
        Ticket changed = new Ticket("changed");
        try (HeapChain chain = new HeapChain(heap)) {
            chain.write(new Object[] {kept, changed, new Ticket("gone"), manyObjects()});
            changed.name = "changed since";
            chain.write(new Object[] {kept, changed, manyObjects()});

            Object[] copy = chain.read();

            assertThat(chain.continued()).isEqualTo(1);
            assertThat(restored).containsExactlyInAnyOrder("kept", "changed since");
            assertThat(((Ticket) copy[1]).name).isEqualTo("changed since");
            restored.clear();
            Object[] inTwo = chain.readInTwo();
            assertThat(restored).containsExactlyInAnyOrder("kept", "changed since");
            assertThat(((Ticket) inTwo[1]).name).isEqualTo("changed since");
        }
    }

    @Test
    void anImageBeginsAnewWhenTooMuchIsOutOfDate() throws Exception {
        try (HeapChain chain = new HeapChain(new HeapCopy())) {
            for (int image = 0; image < 5; image++) {
                chain.write(new Object[] {manyObjects()});
                chain.read();
            }

            assertThat(chain.continued()).isLessThan(4);
        }
    }

    @Test
    void chainsOfImagesHaveAnEnd() throws Exception {
        List<Object> list = manyObjects();
        try (HeapChain chain = new HeapChain(new HeapCopy())) {
            for (int image = 0; image < 30; image++) {
                chain.write(new Object[] {list});
            }

            assertThat(chain.continued()).isLessThan(29);
            assertThat(chain.read()[0]).isEqualTo(list);
        }
    }

    @Test
    void hashCodesThatWereFirstAskedForBetweenTwoImagesAreKept() throws Exception {
        Object key = new Object();
        Map<Object, String> map = new IdentityHashMap<>();
        try (HeapChain chain = new HeapChain(new HeapCopy())) {
            chain.write(new Object[] {key, map, manyObjects()});
            map.put(key, "value");

            chain.write(new Object[] {key, map, manyObjects()});

            Object[] copy = chain.read();
            assertThat(((Map<?, ?>) copy[1]).get(copy[0])).isEqualTo("value");
        }
    }

    @Test
    void whoReadAnImageSaysOnlyWhatChanged() throws Exception {
        byte[] bytes = new byte[3 * PART];
        Map<Object, Object> byIdentity = new IdentityHashMap<>();
        byIdentity.put(bytes, String.class);
        String text = "characters ".repeat(HeapStream.LARGEST_WHOLE);
        try (HeapChain chain = new HeapChain(new HeapCopy())) {
            chain.write(new Object[] {manyObjects(), bytes, text, byIdentity, Locale.ROOT});
            int first = chain.lastBytes();
            for (int round = 1; round <= 3; round++) {
                Object[] graph = chain.resume();
                ((byte[]) graph[1])[PART + 1]++;

                chain.write(graph);

                assertThat(chain.continued()).isEqualTo(round);
                assertThat(chain.lastBytes()).isBetween(PART, PART + first / 100);
                Object[] copy = chain.read();
                assertThat(copy[0]).isEqualTo(graph[0]);
                assertThat((byte[]) copy[1]).isEqualTo((byte[]) graph[1]);
                assertThat(copy[2]).isEqualTo(text);
                assertThat(((Map<?, ?>) copy[3]).get(copy[1])).isEqualTo(String.class);
            }
        }
    }

    private static List<Object> manyObjects() {
        List<Object> list = new ArrayList<>();
        for (int number = 0; number < OBJECTS; number++) {
            list.add(List.of("object " + number, number, new int[] {number}.length));
        }
        return list;
    }

    private static final class Ticket {
        String name;

        Ticket(String name) {
            this.name = name;
        }
    }

    private record TicketCodec(List<String> restored) implements ObjectCodec<Ticket> {
        @Override
        public boolean accepts(Class<?> type) {
            return type == Ticket.class;
        }

        @Override
        public Object[] capture(Ticket ticket) {
            return new Object[] {ticket.name};
        }

        @Override
        public void restore(Ticket ticket, Object[] state) {
            ticket.name = (String) state[0];
            restored.add(ticket.name);
        }
    }
}
