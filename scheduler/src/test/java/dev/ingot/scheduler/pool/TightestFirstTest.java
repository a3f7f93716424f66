package dev.ingot.scheduler.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against a naive reference that looks at every place. */
class TightestFirstTest {
    private static final long[] MILLI_DEVICES = {0, 200, 400, 600, 1000, 2000};

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void findsWhatLookingAtEveryPlaceFinds(long seed) {
        Random random = new Random(seed);
        TightestFirst<String> places = new TightestFirst<>();
        Map<String, Space> naive = new TreeMap<>();
        for (int step = 0; step < 2000; step++) {
            String name = "n" + random.nextInt(60);
            Space before = naive.remove(name);
            if (before != null) {
                places.remove(new TightestFirst.Place(before, name));
            }
            if (random.nextInt(4) > 0) {
                Space free = free(random);
                naive.put(name, free);
                places.put(new TightestFirst.Place(free, name), name);
            }
            Resources needs = needs(random);
            Predicate<String> test = each -> each.hashCode() % 3 != seed % 3;

            List<String> fitting = naive.keySet().stream()
                    .filter(each -> Objects.requireNonNull(naive.get(each)).fits(needs) && test.test(each))
                    .sorted(Comparator.comparing(
                            each -> new TightestFirst.Place(Objects.requireNonNull(naive.get(each)), each)))
                    .toList();
            assertThat(places.first(needs, test)).isEqualTo(fitting.isEmpty() ? null : fitting.get(0));
            assertThat(places.last(test))
                    .isEqualTo(naive.keySet().stream()
                            .filter(test)
                            .max(Comparator.comparing(
                                    each -> new TightestFirst.Place(Objects.requireNonNull(naive.get(each)), each)))
                            .orElse(null));
            List<String> ofEachShape = places.ofEachShape(needs, Integer.MAX_VALUE, test);
            assertThat(fitting).containsAll(ofEachShape);
            assertThat(shapes(ofEachShape, naive)).isEqualTo(shapes(fitting, naive));
        }
    }

    private static Set<List<Integer>> shapes(List<String> names, Map<String, Space> naive) {
        return names.stream()
                .map(each -> Objects.requireNonNull(naive.get(each)).shape())
                .map(shape -> Arrays.stream(shape).boxed().toList())
                .collect(Collectors.toSet());
    }

    private static Resources needs(Random random) {
        return new Resources(random.nextInt(4), random.nextInt(4), MILLI_DEVICES[random.nextInt(MILLI_DEVICES.length)]);
    }

    /** Of up to three devices parts are taken, perhaps more than there is. */
    private static Space free(Random random) {
        Space free = Space.of(new Resources(random.nextInt(5), random.nextInt(4), 1000L * random.nextInt(4)));
        for (int taken = random.nextInt(4); taken > 0; taken--) {
            free = free.minus(free.piece(new Resources(random.nextInt(2), 0, 400)));
        }
        return free;
    }
}
