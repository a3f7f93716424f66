package dev.ingot.scheduler.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** How much of devices the usual workloads cannot use. */
class MixTest {
    private static final Resources QUARTER = new Resources(1000, 0, 250);
    private static final Resources WHOLE = new Resources(8000, 0, 1000);
    private static final Resources PAIR = new Resources(1000, 0, 2000);

    private final Mix mix = new Mix();

    /** A whole device and half of another one. */
    private static Space node(long milliCores) {
        Space whole = Space.of(new Resources(milliCores, 0, 2000));
        return whole.minus(Space.of(new Resources(0, 0, 500), List.of(0)));
    }

    @Test
    void isSummedOverTheKindsTwiceWhereNeitherOneNorManyCanUseIt() {
        mix.add(QUARTER, 3);
        assertThat(mix.fragments(node(8000))).isZero();
        mix.add(WHOLE, 2);
        assertThat(mix.fragments(node(8000))).isEqualTo(2 * 2 * 500);
        mix.add(PAIR, 1);
        assertThat(mix.fragments(node(8000))).isEqualTo(2 * 2 * 500 + 2 * 1500);
    }

    @Test
    void devicesWithoutCoresAreOfNoUse() {
        mix.add(QUARTER, 3);
        mix.add(WHOLE, 2);

        assertThat(mix.fragments(node(7000))).isEqualTo(2 * 2 * 1500);
        assertThat(mix.fragments(node(0))).isEqualTo(2 * 5 * 1500);
    }

    @Test
    void devicesForWhichThereAreCoresOnlyOnceAreOfUseToTheNextOneAlone() {
        mix.add(QUARTER, 3);

        assertThat(mix.fragments(node(1000))).isEqualTo(3 * (1500 - 250));
        assertThat(mix.fragments(node(5000))).isEqualTo(3 * (1500 - 5 * 250));
        assertThat(mix.fragments(node(6000))).isZero();
    }

    @Test
    void forgetsWhatIsNotSubmittedAnyMore() {
        mix.add(WHOLE, 1);
        for (int times = 0; times < 10_000; times++) {
            mix.add(QUARTER, 1);
        }

        assertThat(mix.snapshot()).extracting(KindSnapshot::needs).containsExactly(QUARTER);
    }

    @Test
    void comesBackAsItWas() {
        mix.add(WHOLE, 3);
        mix.add(QUARTER, 4000);
        Mix restored = new Mix();
        restored.restore(mix.snapshot());
        restored.add(PAIR, 200);
        mix.add(PAIR, 200);

        assertThat(restored.snapshot()).isEqualTo(mix.snapshot());
        assertThat(restored.fragments(node(8000))).isEqualTo(mix.fragments(node(8000)));
    }
}
