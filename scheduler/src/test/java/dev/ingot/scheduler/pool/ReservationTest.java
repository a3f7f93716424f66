package dev.ingot.scheduler.pool;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What is reserved for tenants. Each node has two cores. */
class ReservationTest extends PoolScenario {
    @Test
    void premiumBeyondItsReservationGivesWayToPremiumWithinAnother() {
        apply(new Command.Reserve("a", TWO_CORES));
        apply(new Command.Reserve("b", TWO_CORES));
        String within = submit("a", Tier.PREMIUM, TWO_CORES);
        report(within, Phase.RUNNING);
        String beyond = submit("a", Tier.PREMIUM, TWO_CORES);
        report(beyond, Phase.RUNNING);
        assertThat(view(beyond).standing()).isEqualTo(Tier.STANDARD);

        submit("b", Tier.PREMIUM, TWO_CORES);

        assertThat(state(within)).isEqualTo(WorkloadState.RUNNING);
        assertThat(state(beyond)).isEqualTo(WorkloadState.SUSPENDING);
    }

    @Test
    void aReservationThatIsGivenBackLetsPremiumBeyondOthersStandAsBefore() {
        apply(new Command.Reserve("a", TWO_CORES));
        String id = submit("b", Tier.PREMIUM, ONE_CORE);
        assertThat(view(id).standing()).isEqualTo(Tier.STANDARD);

        apply(new Command.Reserve("a", Resources.NONE));

        assertThat(view(id).standing()).isEqualTo(Tier.PREMIUM);
    }

    @Test
    void refusesToReserveMoreThanThereIs() {
        apply(new Command.Reserve("a", TWO_CORES));

        Answer answer = apply(new Command.Reserve("b", new Resources(2001, 1, 0)));

        assertThat(answer.accepted()).isFalse();
        assertThat(answer.text()).contains("others have left 2 cores, 4000 MiB");
        assertThat(pool.tenants()).hasSize(1);
    }
}
