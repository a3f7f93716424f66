package dev.ingot.core.heap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DamagedHeapTest {
    private static final int ROUNDS = 40_000;

    private final HeapCopy heap = new HeapCopy().withCodecs(MoneyCodecs.ALL);

    @Test
    void flippedBitsEndInOneOfTwoErrorsOrInObjects() throws Exception {
        long seed = Long.getLong("ingot.seed", System.nanoTime());
        Random random = new Random(seed);
        byte[] image = heap.write(graph());
        int errors = 0;
        for (int round = 0; round < ROUNDS; round++) {
            byte[] damaged = image.clone();
            for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
                damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            }
            errors += readSafely(damaged, "seed " + seed + " round " + round);
        }
        assertThat(errors).isBetween(ROUNDS / 10, ROUNDS);
    }

    @Test
    void flippedBitsInImagesThatGoOnOthersEndSo() throws Exception {
        long seed = Long.getLong("ingot.seed", System.nanoTime());
        Random random = new Random(seed);
        byte[] image = chain();
        int errors = 0;
        for (int round = 0; round < ROUNDS / 4; round++) {
            byte[] damaged = image.clone();
            damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            errors += readSafely(damaged, "seed " + seed + " round " + round);
        }
        assertThat(errors).isBetween(ROUNDS / 40, ROUNDS / 4);
    }

    private byte[] chain() throws Exception {
        try (HeapChain chain = HeapChain.withoutEnd(heap)) {
            Object[] graph = {graph(), new int[2000], new Money(1)};
            chain.write(graph);
            ((int[]) graph[1])[5] = 6;
            chain.write(new Object[] {graph[0], graph[1], new Money(7)});
            assertThat(chain.continued()).isEqualTo(1);
            return chain.bytes();
        }
    }

    @Test
    void everyTruncationIsNoticed() throws Exception {
        byte[] image = heap.write(graph());
        for (int length = 0; length < image.length; length++) {
            byte[] cut = Arrays.copyOf(image, length);
            assertThat(readSafely(cut, "length " + length))
                    .as("length %s", length)
                    .isEqualTo(1);
        }
    }

    @Test
    void announcedArraysBeyondStreamAreNotAllocated() throws Exception {
        byte[] image = heap.write(new Object[] {new long[] {0x1122334455667788L}});

        assertThatThrownBy(() -> HeapReader.open(new ByteArrayInputStream(image), 8)
                        .read(ExternalObjects.ofThisJvm(), ObjectCodecs.NONE, RestoreListener.NONE, PathNames.PLAIN))
                .isInstanceOf(ImageFormatException.class)
                .hasMessageContaining("announces more content than it has bytes");
    }

    @Test
    void otherFilesAreRefused() {
        byte[] other = "PK\3\4 this is no heap stream at all, but some other file"
                .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);

        assertThatThrownBy(() -> HeapReader.open(new ByteArrayInputStream(other), other.length))
                .isInstanceOfSatisfying(
                        ImageFormatException.class, e -> assertThat(e.offset()).isNotNegative())
                .hasMessageContaining("damaged near offset");
    }

    private int readSafely(byte[] image, String round) {
        try {
            heap.read(image);
            return 0;
        } catch (NotRestorableException | IOException expected) {
            assertThat(expected).hasMessageNotContaining("null");
            return 1;
        } catch (Throwable unexpected) {
            return fail(round, unexpected);
        }
    }

    private static Object graph() {
        Map<Object, Object> map = new HashMap<>();
        List<Object> list =
                new ArrayList<>(List.of("text", "\u20ac", 5, 6L, 'c', TimeUnit.DAYS, new int[][] {{1}, {2}}));
        list.add(list);
        list.add(new Money(5));
        list.add(new Currency("EUR"));
        list.add(new WeakReference<>(map));
        list.add(new Pair(list, new double[] {1, 2}, 'x', null));
        list.add(String[].class);
        map.put("list", list);
        map.put(new Object(), new Exception("problem"));
        return map;
    }

    @SuppressWarnings("ArrayRecordComponent") // A record of every shape is damaged; none is compared.
    record Pair(
            List<Object> left,
            double[] right,
            char mark,
            @Nullable Object nothing) {}
}
