package dev.ingot.agent.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.runtime.Pin;
import dev.ingot.runtime.PinReason;
import org.junit.jupiter.api.Test;

class PinTest {

    @Test
    void tellsHowNettyCanBeHadToWaitByTheJdk() {
        Pin pin = new Pin(
                "epoll-1",
                PinReason.NO_POLL_REACHED,
                "app//io.netty.channel.epoll.Native.epollWait(Native Method)",
                null);

        assertThat(pin.remedy()).contains("-Dio.netty.transport.noNative=true");
        assertThat(pin)
                .hasToString("thread \"epoll-1\" pinned: NO_POLL_REACHED at " + pin.frame() + "; " + pin.remedy());
    }

    @Test
    void tellsWhatHelpsAgainstItsReasonOtherwise() {
        Pin pin = new Pin("main", PinReason.CONSTRUCTOR, "a.B.<init>(B.java:1)", null);

        assertThat(pin.remedy()).isEqualTo(PinReason.CONSTRUCTOR.remedy());
    }
}
