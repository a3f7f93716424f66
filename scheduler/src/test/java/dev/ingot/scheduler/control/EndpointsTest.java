package dev.ingot.scheduler.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.scheduler.wire.Listening;
import java.util.List;
import org.junit.jupiter.api.Test;

class EndpointsTest {
    private static final long LEASE = 100;

    private final Endpoints endpoints = new Endpoints(LEASE);

    @Test
    void whatANodeSaysHoldsForALease() {
        List<Listening> listening = List.of(new Listening("app-1", 3, List.of(80)));

        assertThat(endpoints.heard("n", "10.0.0.1", listening, 1000)).isTrue();
        assertThat(endpoints.heard("n", "10.0.0.1", listening, 1050)).isFalse();

        assertThat(endpoints.address("n", 1150)).isEqualTo("10.0.0.1");
        assertThat(endpoints.address("n", 1151)).isNull();
        assertThat(endpoints.address("other", 1000)).isNull();
        assertThat(endpoints.untilNanos("n")).isEqualTo(1150);
        assertThat(endpoints.heard("n", "10.0.0.2", listening, 1200)).isTrue();
    }

    @Test
    void aPortIsOfOneEpoch() {
        endpoints.heard("n", "10.0.0.1", List.of(new Listening("app-1", 3, List.of(80))), 1000);

        assertThat(endpoints.listens("n", "app-1", 3, 80)).isTrue();
        assertThat(endpoints.listens("n", "app-1", 2, 80)).isFalse();
        assertThat(endpoints.listens("n", "app-2", 3, 80)).isFalse();
        assertThat(endpoints.listens("n", "app-1", 3, 81)).isFalse();
        assertThat(endpoints.heard("n", "10.0.0.1", List.of(), 1010)).isTrue();
        assertThat(endpoints.listens("n", "app-1", 3, 80)).isFalse();
    }
}
