package dev.ingot.scheduler.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    /** The model: each tenant's Premium workloads in the order of their coming, as far as the reservation goes, all of them anew each time. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void standingsAreThoseOfANaiveModel(long seed) {
        Random random = new Random(seed);
        List<String> tenants = List.of("a", "b", "c");
        Map<String, Long> reserved = new TreeMap<>();
        for (int step = 0; step < 200; step++) {
            String tenant = tenants.get(random.nextInt(3));
            List<WorkloadView> all = pool.workloads();
            if (random.nextInt(10) == 0) {
                long cores = random.nextInt(3) * 500L;
                if (apply(new Command.Reserve(tenant, new Resources(cores, cores == 0 ? 0 : 1000, 0)))
                        .accepted()) {
                    reserved.put(tenant, cores);
                }
            } else if (all.isEmpty() || random.nextInt(3) > 0) {
                submit(tenant, Tier.PREMIUM, new Resources(100L * (1 + random.nextInt(4)), 1, 0));
            } else {
                String id = all.get(random.nextInt(all.size())).id();
                apply(
                        switch (random.nextInt(3)) {
                            case 0 -> new Command.Suspend(id);
                            case 1 -> new Command.Resume(id);
                            default -> new Command.Cancel(id);
                        });
            }
            boolean any = reserved.values().stream().anyMatch(cores -> cores > 0);
            Map<String, Long> covered = new TreeMap<>();
            for (WorkloadView view : pool.workloads()) {
                if (view.state().isEnded() || view.state() == WorkloadState.HELD) {
                    continue;
                }
                String own = view.spec().tenant();
                long with = covered.getOrDefault(own, 0L) + view.spec().needs().milliCores();
                boolean fits = with <= reserved.getOrDefault(own, 0L);
                if (fits) {
                    covered.put(own, with);
                }
                assertThat(view.standing()).as("%s", view).isEqualTo(!any || fits ? Tier.PREMIUM : Tier.STANDARD);
            }
        }
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
