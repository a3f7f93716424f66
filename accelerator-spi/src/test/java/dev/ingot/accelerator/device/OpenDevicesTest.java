package dev.ingot.accelerator.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.accelerator.DeviceFault;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Several devices go on together or not at all. */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class OpenDevicesTest {
    private static final Duration DEADLINE = Duration.ofMinutes(5);
    private static final Map<String, String> REPLACEMENTS = Map.of("one", "first", "two", "second");

    private final SparseProvider one = new SparseProvider("one");
    private final SparseProvider two = new SparseProvider("two");
    private final SparseProvider first = new SparseProvider("first");
    private final SparseProvider second = new SparseProvider("second");
    private final Accelerators accelerators = Accelerators.of(List.of(one, two, first, second));
    private final Device deviceOne = accelerators.open(accelerators.named("one").get(0));
    private final Device deviceTwo = accelerators.open(accelerators.named("two").get(0));

    OpenDevicesTest() throws DeviceFault {}

    @BeforeEach
    void freeze() throws Exception {
        for (Device device : devices()) {
            device.allocate("content", 10).write(0, ByteBuffer.wrap(new byte[] {7}));
        }
        OpenDevices.freeze(DEADLINE.toNanos());
        assertThat(OpenDevices.held()).hasSize(2);
    }

    @AfterEach
    void close() {
        deviceOne.close();
        deviceTwo.close();
    }

    private List<Device> devices() {
        return List.of(deviceOne, deviceTwo);
    }

    private void assertUntouchedAndAtWork() throws Exception {
        OpenDevices.thaw();
        assertThat(deviceOne.descriptor().provider()).isEqualTo("one");
        assertThat(deviceTwo.descriptor().provider()).isEqualTo("two");
        assertThat(one.closed).hasValue(0);
        assertThat(two.closed).hasValue(0);
        deviceOne.allocate("more", 10);
        deviceTwo.allocate("more", 10);
    }

    @Test
    void allGoOn() throws Exception {
        OpenDevices.rebind(devices(), accelerators, REPLACEMENTS, null);
        OpenDevices.thaw();

        assertThat(deviceOne.descriptor().provider()).isEqualTo("first");
        assertThat(deviceTwo.descriptor().provider()).isEqualTo("second");
        assertThat(one.closed).hasValue(1);
        assertThat(two.closed).hasValue(1);
    }

    /** Two of a kind are two devices elsewhere, and all that was on one of them stays together. */
    @Test
    void whatWasOnDifferentDevicesGoesOnOnDifferentOnes() throws Exception {
        OpenDevices.thaw();
        Device again = accelerators.open(accelerators.named("two").get(0), "again");
        try {
            OpenDevices.freeze(DEADLINE.toNanos());
            Accelerators pair = Accelerators.of(List.of(new SparseProvider("pair", 2)));
            Map<String, String> byKind = Map.of("one", "other", "two", "other");
            OpenDevices.rebind(List.of(deviceOne, deviceTwo, again), pair, byKind, null);
            OpenDevices.thaw();

            assertThat(deviceOne.descriptor().name()).isEqualTo("pair:0");
            assertThat(deviceTwo.descriptor().name()).isEqualTo("pair:1");
            assertThat(again.descriptor().name()).isEqualTo("pair:1");
        } finally {
            again.close();
        }
    }

    /** As with a card that CUDA and OpenCL both find. */
    @Test
    void whatSeveralProvidersFindOfAKindIsTakenForTheSameDevices() {
        Accelerators both = Accelerators.of(List.of(new SparseProvider("same"), new SparseProvider("again")));
        OpenDevices.rebind(devices(), both, Map.of("one", "other", "two", "other"), null);
        OpenDevices.thaw();

        assertThat(deviceOne.descriptor().name()).isEqualTo("same:0");
        assertThat(deviceTwo.descriptor().name()).isEqualTo("same:0");
    }

    /** Though it was opened later. */
    @Test
    void theOnlyPlaceOfADeviceIsNotTakenByOneThatHasAnother() {
        Accelerators pair = Accelerators.of(List.of(new SparseProvider("pair", 2)));
        OpenDevices.rebind(devices(), pair, Map.of("one", "other", "two", "pair:0"), null);
        OpenDevices.thaw();

        assertThat(deviceOne.descriptor().name()).isEqualTo("pair:1");
        assertThat(deviceTwo.descriptor().name()).isEqualTo("pair:0");
    }

    /** As of a copy of the interface that was loaded after those there were had been frozen. */
    @Test
    void noImageIsTakenOfADeviceThatIsNotFrozen() {
        OpenDevices.thaw();

        assertThatThrownBy(OpenDevices::held)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("one:0 was opened as the checkpoint began; take another one");
    }

    /** Where there are fewer, some share one. */
    @Test
    void moreDevicesThanThereAreGoOnOnTheFewest() {
        Accelerators single = Accelerators.of(List.of(new SparseProvider("single")));
        OpenDevices.rebind(devices(), single, Map.of("one", "other", "two", "single"), null);
        OpenDevices.thaw();

        assertThat(deviceOne.descriptor().name()).isEqualTo("single:0");
        assertThat(deviceTwo.descriptor().name()).isEqualTo("single:0");
    }

    /** The content of the second is damaged, which is found out before the first's target is opened. */
    @Test
    void nothingIsOpenedForTheFirstWhereTheSecondIsRefused() throws Exception {
        two.readInto.get(0)[5] ^= 1;

        assertThatThrownBy(() -> OpenDevices.rebind(devices(), accelerators, REPLACEMENTS, null))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll("two:0", "the content of buffer content is damaged");
        assertThat(first.opened).hasValue(0);
        assertThat(second.opened).hasValue(0);
        assertUntouchedAndAtWork();
    }

    /** That shows only when it is filled; what was opened for the first is given back. */
    @Test
    void theFirstGoesNowhereWhereTheSecondCannotBeFilled() throws Exception {
        second.isFull = true;

        assertThatThrownBy(() -> OpenDevices.rebind(devices(), accelerators, REPLACEMENTS, null))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll("two:0", "second is full");
        assertThat(first.opened).hasValue(1);
        assertThat(first.closed).hasValue(1);
        assertThat(second.closed).hasValue(1);
        assertUntouchedAndAtWork();
    }
}
