package dev.ingot.scheduler.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Workloads that have a device, or a part of one. */
class SharedDevicesTest {
    private final Pool pool = new Pool(Policy.USUAL);
    private long now;

    private Answer apply(Command command) {
        now++;
        return pool.apply(now, command);
    }

    private void join(String node, int cores, int devices) {
        assertThat(apply(new Command.Join(node, "i", new Resources(cores * 1000L, 1000, devices * 1000L)))
                        .accepted())
                .isTrue();
    }

    private String submit(Tier tier, long milliCores, long milliDevices) {
        Resources needs = new Resources(milliCores, 1, milliDevices);
        return apply(new Command.Submit("key " + now, PoolLawsTest.spec(tier, needs)))
                .text();
    }

    private WorkloadView view(String id) {
        return pool.workloads().stream()
                .filter(view -> view.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private void run(String... ids) {
        for (String id : ids) {
            WorkloadView view = view(id);
            Report report = new Report(id, view.epoch(), Phase.RUNNING, null, 0, 0, 0, null, null);
            apply(new Command.Observe(String.valueOf(view.node()), "i", List.of(report)));
        }
    }

    @Test
    void thoseThatNeedPartsShareOneDeviceAndLeaveTheOtherWhole() {
        join("n1", 8, 2);
        String first = submit(Tier.STANDARD, 100, 250);
        String second = submit(Tier.STANDARD, 100, 750);
        String whole = submit(Tier.STANDARD, 100, 1000);

        assertThat(view(first).devices()).isEqualTo(view(second).devices());
        assertThat(view(whole).devices()).hasSize(1).isNotEqualTo(view(first).devices());
        assertThat(pool.nodes().get(0).used().milliDevices()).isEqualTo(2000);
        assertThat(pool.orders("n1"))
                .extracting(Order::devices)
                .contains(view(whole).devices());
    }

    @Test
    void whyTellsWhatIsLeftOfEachDevice() {
        join("n1", 8, 2);
        submit(Tier.STANDARD, 100, 600);
        submit(Tier.STANDARD, 100, 700);
        String third = submit(Tier.STANDARD, 100, 500);

        assertThat(view(third).state()).isEqualTo(WorkloadState.QUEUED);
        assertThat(String.join(" ", pool.why(now, third)))
                .contains("0.7 of a device (0.4 + 0.3) free of the 0.1 cores, 1 MiB, 0.5 of a device it needs");
    }

    @Test
    void roomForAWholeDeviceIsMadeOnOneDevice() {
        join("n1", 8, 2);
        String a = submit(Tier.BASIC, 100, 500);
        String b = submit(Tier.BASIC, 100, 500);
        String c = submit(Tier.BASIC, 100, 500);
        String d = submit(Tier.BASIC, 100, 500);
        run(a, b, c, d);

        String whole = submit(Tier.PREMIUM, 100, 1000);

        List<WorkloadView> leaving = pool.workloads().stream()
                .filter(view -> view.state() == WorkloadState.SUSPENDING)
                .toList();
        assertThat(leaving).hasSize(2);
        assertThat(leaving.get(0).devices()).isEqualTo(leaving.get(1).devices());
        for (WorkloadView victim : leaving) {
            ImageReference image = new ImageReference("image", 1, 1, 0);
            Report report = new Report(victim.id(), victim.epoch(), Phase.SUSPENDED, image, 0, 0, 0, null, null);
            apply(new Command.Observe("n1", "i", List.of(report)));
        }
        assertThat(view(whole).devices()).isEqualTo(leaving.get(0).devices());
    }

    /** Best fit would take the only device of n1, for which others have cores. */
    @Test
    void goesWhereTheDeviceIsOfNoUseToTheUsualWorkload() {
        for (int times = 0; times < 10; times++) {
            apply(new Command.Cancel(submit(Tier.STANDARD, 8000, 1000)));
        }
        join("n1", 10, 1);
        join("n2", 4, 2);

        assertThat(view(submit(Tier.STANDARD, 100, 500)).node()).isEqualTo("n2");
    }

    @Test
    void aNodeCannotHaveDevicesWithoutEnd() {
        assertThat(apply(new Command.Join("n1", "i", new Resources(1000, 1, Integer.MAX_VALUE)))
                        .text())
                .contains("cannot have more than 1024 devices");
    }
}
