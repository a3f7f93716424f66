package dev.ingot.scheduler.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Who moves so that another one can start. */
class DefragmentationTest {
    private final Pool pool = new Pool(Policy.USUAL);
    private long now;

    private Answer apply(Command command) {
        now++;
        return pool.apply(now, command);
    }

    private void join(String node, int cores, int devices) {
        apply(new Command.Join(node, "i", new Resources(cores * 1000L, 1000, devices * 1000L)));
    }

    private void join(String node, String location, int cores, int devices) {
        apply(new Command.Join(node, "i", new Resources(cores * 1000L, 1000, devices * 1000L), new Location(location)));
    }

    private String submitWithin(String location, int cores, long milliDevices) {
        WorkloadSpec spec = PoolLawsTest.spec(Tier.STANDARD, new Resources(cores * 1000L, 1, milliDevices))
                .placed(new PlacementRule(new Location(location), null, Map.of()));
        return apply(new Command.Submit("key " + now, spec)).text();
    }

    private String submit(int cores, long milliDevices) {
        return submitWithin("", cores, milliDevices);
    }

    /** On that node, whatever others have. */
    private String running(String node, int cores, long milliDevices) {
        return running(node, "", cores, milliDevices);
    }

    /** @param within where alone it may run */
    private String running(String node, String within, int cores, long milliDevices) {
        pool.nodes()
                .forEach(each ->
                        apply(new Command.Cordon(each.name(), !each.name().equals(node))));
        String id = submitWithin(within, cores, milliDevices);
        report(id, Phase.RUNNING);
        pool.nodes().forEach(each -> apply(new Command.Cordon(each.name(), false)));
        assertThat(view(id).node()).isEqualTo(node);
        return id;
    }

    private void report(String id, Phase phase) {
        ImageReference image = phase == Phase.SUSPENDED ? new ImageReference("image", now, 1, 0) : null;
        Report report = new Report(id, view(id).epoch(), phase, image, 0, 0, 0, null, null);
        apply(new Command.Observe(String.valueOf(view(id).node()), "i", List.of(report)));
    }

    private WorkloadView view(String id) {
        return Objects.requireNonNull(pool.workload(id));
    }

    @Test
    void oneMovesToWhereTheRestOfADeviceWillDo() {
        join("n1", 8, 1);
        join("n2", 8, 1);
        String first = running("n1", 1, 500);
        running("n2", 1, 500);
        String whole = submit(1, 1000);
        assertThat(view(whole).state()).isEqualTo(WorkloadState.QUEUED);

        assertThat(pool.rearrangement())
                .isEqualTo(new Rearrangement(whole, List.of(new Rearrangement.Move(first, "n2")), false));
    }

    @Test
    void twoChangePlacesWhereOneHasCoresAndTheOtherADeviceToSpare() {
        join("n1", 10, 2);
        join("n2", 10, 1);
        String heavy = running("n1", 6, 1000);
        String light = running("n2", 2, 1000);
        String third = submit(5, 1000);
        assertThat(view(third).state()).isEqualTo(WorkloadState.QUEUED);
        Rearrangement found = Objects.requireNonNull(pool.rearrangement());
        assertThat(found.exchange()).isTrue();
        assertThat(found.moves())
                .containsExactly(new Rearrangement.Move(heavy, "n2"), new Rearrangement.Move(light, "n1"));

        assertThat(apply(new Command.Exchange(heavy, light)).accepted()).isTrue();
        report(heavy, Phase.SUSPENDED);
        assertThat(view(third).node()).isEqualTo("n1");
        // The room that the other one leaves is nobody else's.
        String fourth = submit(1, 1000);
        assertThat(view(fourth).state()).isEqualTo(WorkloadState.QUEUED);
        report(light, Phase.SUSPENDED);

        assertThat(view(heavy).node()).isEqualTo("n2");
        assertThat(view(light).node()).isEqualTo("n1");
        assertThat(view(fourth).state()).isEqualTo(WorkloadState.QUEUED);
        assertThat(pool.rearrangement()).isNull();
    }

    @Test
    void oneMovesAwayFromWhereAnotherOneHasToBe() {
        join("n1", "eu/a", 8, 1);
        join("n2", "eu/b", 8, 1);
        String anywhere = running("n1", 1, 1000);
        String bound = submitWithin("eu/a", 1, 1000);
        assertThat(view(bound).state()).isEqualTo(WorkloadState.QUEUED);

        assertThat(pool.rearrangement())
                .isEqualTo(new Rearrangement(bound, List.of(new Rearrangement.Move(anywhere, "n2")), false));
    }

    @Test
    void nobodyMovesToWhereItMayNotBe() {
        join("n1", "eu/a", 8, 1);
        join("n2", "eu/b", 8, 1);
        running("n1", "eu/a", 1, 500);
        running("n2", "eu/b", 1, 500);
        submit(1, 1000);

        assertThat(pool.rearrangement()).isNull();
    }

    @Test
    void twoChangePlacesOnlyWhereBothMayBe() {
        join("n1", "eu/a", 10, 2);
        join("n2", "eu/b", 10, 1);
        String heavy = running("n1", "eu", 6, 1000);
        String light = running("n2", "eu/b", 2, 1000);
        submit(5, 1000);

        assertThat(pool.rearrangement()).isNull();
        assertThat(apply(new Command.Exchange(heavy, light)).text()).contains("is not to run where the other one does");
    }

    @Test
    void twoThatAreBoundToOneZoneChangePlacesInIt() {
        join("n1", "eu/a", 10, 2);
        join("n2", "eu/a", 10, 1);
        String heavy = running("n1", "eu/a", 6, 1000);
        String light = running("n2", "eu", 2, 1000);
        String third = submit(5, 1000);

        Rearrangement found = Objects.requireNonNull(pool.rearrangement());
        assertThat(found.moves())
                .containsExactly(new Rearrangement.Move(heavy, "n2"), new Rearrangement.Move(light, "n1"));
        assertThat(apply(new Command.Exchange(heavy, light)).accepted()).isTrue();
        report(heavy, Phase.SUSPENDED);
        report(light, Phase.SUSPENDED);

        assertThat(view(third).node()).isEqualTo("n1");
        assertThat(view(heavy).node()).isEqualTo("n2");
        assertThat(view(light).node()).isEqualTo("n1");
    }

    @Test
    void whoWaitedBeforeDoesNotTakeTheRoomOfWhoIsToldToMove() {
        join("n1", 10, 2);
        join("n2", 10, 1);
        String heavy = running("n1", 6, 1000);
        String light = running("n2", 2, 1000);
        WorkloadSpec spec = new WorkloadSpec(
                "job",
                "default",
                Tier.STANDARD,
                5,
                new Resources(9000, 1, 1000),
                List.of("java", "Job"),
                "/",
                Map.of(),
                0);
        String senior = apply(new Command.Submit("senior", spec)).text();
        assertThat(view(senior).state()).isEqualTo(WorkloadState.QUEUED);
        apply(new Command.Exchange(heavy, light));

        report(heavy, Phase.SUSPENDED);
        assertThat(view(senior).state()).isEqualTo(WorkloadState.QUEUED);
        report(light, Phase.SUSPENDED);

        assertThat(view(light).node()).isEqualTo("n1");
        assertThat(view(heavy).node()).isEqualTo("n2");
    }

    @Test
    void oneThatCannotBeSuspendedStaysAndTheOtherGoesBack() {
        join("n1", 10, 2);
        join("n2", 10, 1);
        String heavy = running("n1", 6, 1000);
        String light = running("n2", 2, 1000);
        apply(new Command.Exchange(heavy, light));
        Report refusal = new Report(light, view(light).epoch(), Phase.RUNNING, null, 0, 0, 1, "pinned", null);

        report(heavy, Phase.SUSPENDED);
        apply(new Command.Observe("n2", "i", List.of(refusal)));

        assertThat(view(light).state()).isEqualTo(WorkloadState.RUNNING);
        assertThat(view(heavy).node()).isEqualTo("n1");
    }

    @Test
    void whatDoesNotFitInThePlaceOfTheOtherIsRefused() {
        join("n1", 10, 2);
        join("n2", 5, 1);
        String heavy = running("n1", 6, 1000);
        String light = running("n2", 2, 1000);

        assertThat(apply(new Command.Exchange(heavy, light)).text()).contains("cannot change places: one needs more");
        assertThat(apply(new Command.Exchange(heavy, heavy)).text()).contains("on different nodes");
        assertThat(apply(new Command.Exchange(heavy, "nobody")).accepted()).isFalse();
        assertThat(view(heavy).state()).isEqualTo(WorkloadState.RUNNING);
    }
}
