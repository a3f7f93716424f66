package dev.ingot.core.heap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Heaps as earlier versions have written them are read for good. Written on JDK 17 by {@link GoldenHeaps}. */
class GoldenHeapTest {

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void readsWhatEarlierVersionsHaveWritten(int version) throws Exception {
        GoldenHeaps.Item.made = -1;

        Object[] graph = (Object[]) new HeapCopy().read(stored(version)).root();

        assertThat(GoldenHeaps.Item.made).isEqualTo(100);
        List<?> items = (List<?>) graph[0];
        assertThat(items).hasSize(100).allSatisfy(each -> {
            GoldenHeaps.Item item = (GoldenHeaps.Item) each;
            assertThat(items.get(item.number)).isSameAs(item);
            assertThat(item.all).isSameAs(items);
            assertThat(item.small).isEqualTo((byte) item.number);
            assertThat(item.half).isEqualTo(item.number / 2.0);
            assertThat(item.name).isEqualTo("item " + item.number);
        });
        Map<?, ?> map = (Map<?, ?>) graph[1];
        assertThat(map.get(items.get(7))).isEqualTo("the eighth");
        assertThat(map.get("numbers")).isEqualTo(new long[] {1, 2, Long.MIN_VALUE});
        assertThat(map.get(List.of("tree"))).isEqualTo(Map.of("a", 1, "b", 2)).hasToString("{a=1, b=2}");
        assertThat(map.get(BigInteger.ONE.shiftLeft(200)))
                .isInstanceOf(ArrayDeque.class)
                .hasToString("[x]");
        assertThat((double[]) graph[2]).hasSize(10_000).containsOnly(0);
        assertThat(graph[3]).isEqualTo("\u00e4 \u4e16");
        assertThat(graph[4]).isEqualTo(List.of(items.get(1), items.get(1)));
    }

    private static byte[] stored(int version) throws Exception {
        try (InputStream stream = GoldenHeapTest.class.getResourceAsStream("/golden-heap/version-" + version)) {
            return Objects.requireNonNull(stream).readAllBytes();
        }
    }
}
