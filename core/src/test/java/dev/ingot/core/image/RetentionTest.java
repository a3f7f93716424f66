package dev.ingot.core.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.ingot.core.image.Retention.Candidate;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RetentionTest {
    /** A Wednesday. */
    private static final Instant NOW = Instant.parse("2025-01-15T12:00:00Z");

    @Test
    void keepsTheNewestOfEachPeriod() {
        // One image every 20 minutes for 30 days.
        List<Candidate> images = IntStream.range(0, 30 * 72)
                .mapToObj(i -> candidate(i, NOW.minus(Duration.ofMinutes(20L * i)), true))
                .toList();

        assertThat(kept(images, new Retention(2, 0, 0, 0))).containsExactly("0", "1");
        // 12:00 is alone in its hour.
        assertThat(kept(images, new Retention(0, 3, 0, 0))).containsExactly("0", "1", "4");
        assertThat(times(images, new Retention(0, 0, 3, 0)))
                .containsExactly("2025-01-15T12:00:00Z", "2025-01-14T23:40:00Z", "2025-01-13T23:40:00Z");
        assertThat(times(images, new Retention(0, 0, 0, 3)))
                .containsExactly("2025-01-15T12:00:00Z", "2025-01-12T23:40:00Z", "2025-01-05T23:40:00Z");
        assertThat(kept(images, new Retention(1, 1, 1, 1))).containsExactly("0");
    }

    @Test
    void keepsTheNewestUsableOneAndWhatMayBeBeingLookedInto() {
        List<Candidate> images = List.of(
                candidate(0, NOW, false), candidate(1, NOW, true), candidate(2, NOW, false), candidate(3, NOW, true));

        assertThat(kept(images, Retention.newest(1))).containsExactly("0", "1");
        assertThat(kept(List.of(candidate(0, NOW, false)), Retention.newest(1))).containsExactly("0");
    }

    @Test
    void neverDeletesAllThatIsUsable() {
        Random random = new Random(7);
        for (int trial = 0; trial < 1000; trial++) {
            List<Candidate> images = new ArrayList<>();
            Instant time = NOW;
            for (int i = random.nextInt(12); i > 0; i--) {
                time = time.minusSeconds(random.nextInt(400_000));
                images.add(candidate(images.size(), time, random.nextInt(3) > 0));
            }
            Retention retention =
                    new Retention(random.nextInt(2), random.nextInt(3), random.nextInt(3), 1 + random.nextInt(2));
            List<Candidate> going = retention.condemned(images);
            List<Candidate> staying =
                    images.stream().filter(image -> !going.contains(image)).toList();
            List<Candidate> beyond = Retention.beyondQuota(List.of(staying), random.nextInt(40));
            assertThat(staying).containsAll(beyond);
            images.stream()
                    .filter(Candidate::usable)
                    .findFirst()
                    .ifPresent(newest -> assertThat(staying)
                            .contains(newest)
                            .satisfies(rest -> assertThat(beyond).doesNotContain(newest)));
        }
    }

    @Test
    void deletesTheOldestBeyondTheQuotaWhicheverTheirName() {
        List<Candidate> first = List.of(candidate(0, NOW, true), candidate(1, NOW.minusSeconds(10), true));
        List<Candidate> second = List.of(
                candidate(2, NOW.minusSeconds(5), true),
                candidate(3, NOW.minusSeconds(6), true),
                candidate(4, NOW.minusSeconds(20), true));

        assertThat(names(Retention.beyondQuota(List.of(first, second), 50))).isEmpty();
        assertThat(names(Retention.beyondQuota(List.of(first, second), 30))).containsExactly("4", "1");
        assertThat(names(Retention.beyondQuota(List.of(first, second), 0))).containsExactly("4", "1", "3");
    }

    /** The oldest image's own pack is part of the newer ones, so its going gives nothing back until they go too. */
    @Test
    void countsWhatImagesShareOnce() {
        List<Candidate> images = List.of(
                new Candidate(Path.of("2"), NOW, Map.of("a", 30L, "b", 1L, "c", 1L), true),
                new Candidate(Path.of("1"), NOW.minusSeconds(1), Map.of("a", 30L, "b", 1L), true),
                new Candidate(Path.of("0"), NOW.minusSeconds(2), Map.of("a", 30L), true),
                new Candidate(Path.of("x"), NOW.minusSeconds(3), Map.of("x", 20L), true));

        assertThat(names(Retention.beyondQuota(List.of(images), 52))).isEmpty();
        assertThat(names(Retention.beyondQuota(List.of(images), 40))).containsExactly("x");
        assertThat(names(Retention.beyondQuota(List.of(images), 31))).containsExactly("x", "0", "1");
    }

    @Test
    void refusesToKeepNothing() {
        assertThatIllegalArgumentException().isThrownBy(() -> Retention.newest(0));
        assertThatIllegalArgumentException().isThrownBy(() -> new Retention(-1, 1, 1, 1));
    }

    private static Candidate candidate(int number, Instant created, boolean usable) {
        return new Candidate(Path.of(Integer.toString(number)), created, Map.of(number, 10L), usable);
    }

    private static List<String> kept(List<Candidate> images, Retention retention) {
        List<Candidate> condemned = retention.condemned(images);
        return names(images.stream().filter(image -> !condemned.contains(image)).toList());
    }

    private static List<String> times(List<Candidate> images, Retention retention) {
        List<Candidate> condemned = retention.condemned(images);
        return images.stream()
                .filter(image -> !condemned.contains(image))
                .map(image -> image.created().toString())
                .toList();
    }

    private static List<String> names(List<Candidate> candidates) {
        return candidates.stream().map(image -> image.image().toString()).toList();
    }
}
