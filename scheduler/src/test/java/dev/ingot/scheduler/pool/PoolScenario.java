package dev.ingot.scheduler.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;

/** A pool of two nodes, n1 and n2, and what the tests of it say and ask. */
abstract class PoolScenario {
    static final Resources TWO_CORES = new Resources(2000, 4000, 0);
    static final Resources ONE_CORE = new Resources(1000, 100, 0);

    final Pool pool = new Pool(Policy.USUAL);
    long now = 1000;
    long images;

    @BeforeEach
    void addNodes() {
        apply(new Command.Join("n1", "i1", TWO_CORES));
        apply(new Command.Join("n2", "i2", TWO_CORES));
    }

    /** Runs, and has no image yet. */
    String started() {
        String id = submit(Tier.STANDARD, ONE_CORE);
        start(id);
        return id;
    }

    void start(String id) {
        observe(id, said(id, view(id).epoch(), Phase.RUNNING, null, 0));
    }

    String submit(String program) {
        WorkloadSpec like = PoolLawsTest.spec(Tier.BASIC, ONE_CORE);
        WorkloadSpec spec = new WorkloadSpec(
                program, like.tenant(), like.tier(), 0, like.needs(), like.command(), "/", like.environment(), 0);
        return apply(new Command.Submit(program, spec)).text();
    }

    List<String> events() {
        return pool.eventsAfter(0, 1000).stream().map(PoolEvent::reason).toList();
    }

    List<String> reasons(String id) {
        return view(id).history().stream().map(Event::reason).toList();
    }

    static ImageReference reference(long sequence, long output) {
        return new ImageReference("image " + sequence, sequence, 1, output);
    }

    void image(String id, long sequence, long output) {
        observe(id, said(id, view(id).epoch(), Phase.RUNNING, reference(sequence, output), 0));
    }

    /** It ends in that way, and is started again if it is to be. */
    void crash(String id, int exitCode) {
        observe(id, new Report(id, view(id).epoch(), Phase.EXITED, null, exitCode, 0, 0, "no such file", null));
        now += 40_000;
        apply(new Command.Tick());
    }

    Answer apply(Command command) {
        now++;
        return pool.apply(now, command);
    }

    String submit(Tier tier, Resources needs) {
        return submit("default", tier, needs);
    }

    String submit(String tenant, Tier tier, Resources needs) {
        now++;
        return apply(new Command.Submit("key " + now, PoolLawsTest.spec(tenant, tier, needs)))
                .text();
    }

    String running(Tier tier, Resources needs) {
        String id = submit(tier, needs);
        report(id, Phase.RUNNING);
        assertThat(state(id)).isEqualTo(WorkloadState.RUNNING);
        return id;
    }

    WorkloadView view(String id) {
        return Objects.requireNonNull(pool.workload(id));
    }

    WorkloadState state(String id) {
        return view(id).state();
    }

    String node(String id) {
        return Objects.requireNonNull(view(id).node(), id + " has no node");
    }

    Order order(String id) {
        return pool.orders(node(id)).stream()
                .filter(order -> order.workload().equals(id))
                .findFirst()
                .orElseThrow();
    }

    void report(String id, Phase phase) {
        report(id, phase, 1);
    }

    void report(String id, Phase phase, long output) {
        images++;
        ImageReference image = new ImageReference("image " + images, images, 1, output);
        observe(id, said(id, view(id).epoch(), phase, image, 0));
    }

    void refuse(String id) {
        observe(
                id,
                new Report(
                        id,
                        view(id).epoch(),
                        Phase.RUNNING,
                        null,
                        0,
                        0,
                        order(id).attempt(),
                        "pinned",
                        null));
    }

    void observe(String id, Report report) {
        String node = node(id);
        apply(new Command.Observe(node, node.equals("n1") ? "i1" : "i2", List.of(report)));
    }

    static Report said(String id, long epoch, Phase phase, @Nullable ImageReference image, int exitCode) {
        return new Report(id, epoch, phase, image, exitCode, 1, 0, null, null);
    }
}
