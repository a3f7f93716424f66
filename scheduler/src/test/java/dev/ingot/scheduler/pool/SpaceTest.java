package dev.ingot.scheduler.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Parts of devices: what fits, and who takes what. */
class SpaceTest {
    private static final long[] MILLI_DEVICES = {0, 125, 250, 400, 600, 1000, 2000};

    private static Resources devices(long milli) {
        return new Resources(0, 0, milli);
    }

    private static Space left(long... parts) {
        Space left = Space.of(devices(1000L * parts.length));
        for (int place = 0; place < parts.length; place++) {
            left = parts[place] == 1000 ? left : left.minus(Space.of(devices(1000 - parts[place]), List.of(place)));
        }
        return left;
    }

    @Test
    void twoHalvesAreNoWhole() {
        assertThat(left(500, 500).fits(devices(1000))).isFalse();
        assertThat(left(500, 500).fits(devices(600))).isFalse();
        assertThat(left(500, 500).fits(devices(500))).isTrue();
        assertThat(left(500, 1000, 1000).fits(devices(2000))).isTrue();
    }

    @Test
    void aPartIsTakenOfTheTightestDevice() {
        assertThat(left(1000, 300, 500).piece(devices(250)).devices()).containsExactly(1);
        assertThat(left(1000, 300, 500).pieces(devices(400)).stream().map(Space::devices))
                .containsExactly(List.of(2), List.of(0));
    }

    @Test
    void whoWaitsTakesDevicesThatAreNotFreeYet() {
        Space expected = left(1000, 1000, 1000);

        assertThat(expected.piece(devices(2000), left(1000, 0, 0)).devices()).containsExactly(1, 2);
    }

    @Test
    void whatDoesNotFitIsOwedByTheFreestDevice() {
        Space owed = left(100, 300).minus(left(100, 300).piece(devices(500)));

        assertThat(owed.isOverdrawn()).isTrue();
        assertThat(owed.fits(devices(100))).isTrue();
        assertThat(owed.fits(devices(200))).isFalse();
    }

    @Test
    void showsWhatIsLeftOfEachDevice() {
        assertThat(left(250, 1000)).hasToString("0 cores, 0 MiB, 1.25 devices (0.25 + 1)");
        assertThat(left(1000, 1000)).hasToString("0 cores, 0 MiB, 2 devices");
    }

    /** Against a naive reference that takes one piece after the other. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void fitsAsOftenAsItCanBeTaken(long seed) {
        Random random = new Random(seed);
        for (int trial = 0; trial < 500; trial++) {
            Space space = Space.of(new Resources(random.nextInt(9), random.nextInt(9), 1000L * random.nextInt(5)));
            for (int taken = random.nextInt(4); taken > 0; taken--) {
                Resources some = devices(MILLI_DEVICES[random.nextInt(MILLI_DEVICES.length)]);
                space = space.fits(some) ? space.minus(space.piece(some)) : space;
            }
            Resources needs = new Resources(
                    random.nextInt(3), random.nextInt(3), MILLI_DEVICES[random.nextInt(MILLI_DEVICES.length)]);
            int times = 0;
            Space rest = space;
            while (times < 20 && rest.fits(needs)) {
                rest = rest.minus(rest.piece(needs));
                times++;
                assertThat(rest.isOverdrawn()).isFalse();
            }

            assertThat(space.times(needs, 20)).isEqualTo(times);
            assertThat(rest.plus(space.minus(rest))).isEqualTo(space);
        }
    }
}
