package dev.ingot.scheduler.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.scheduler.pool.Placement;
import dev.ingot.scheduler.pool.Policy;
import dev.ingot.scheduler.pool.Preemption;
import dev.ingot.scheduler.pool.Resources;
import dev.ingot.scheduler.pool.Tier;
import dev.ingot.scheduler.pool.Usage;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class SimulationTest {
    private static final Costs COSTS = new Costs(1000, 2000);
    private static final Resources ONE = new Resources(1000, 10, 1000);
    private static final long FOR_EVER = Long.MAX_VALUE;

    @TempDir
    private Path directory;

    @Test
    void aSuspendedJobLosesNoWork() throws IOException {
        Trace trace = new Trace(
                List.of(new Trace.Machine("m", ONE)),
                List.of(
                        new Trace.Job("low", Tier.BASIC, ONE, 0, 100_000),
                        new Trace.Job("high", Tier.PREMIUM, ONE, 10_000, 50_000)));

        List<Summary> summaries = run(trace, new StringBuilder());

        // 2 s until the victim's room is free, 1 s until it does its work.
        assertThat(summaries).contains(new Summary(Tier.PREMIUM, 1, 1, 1, 0, 3000, 53_000));
        // All it had to do, two starts, its suspension and the time of the other.
        assertThat(summaries)
                .contains(new Summary(Tier.BASIC, 1, 1, 1, 1, 1000, 100_000 + 1000 + 2000 + 51_000 + 1000));
    }

    @Test
    void aGangGetsOnWhileAllOfItRunsAndLosesNoWork() throws IOException {
        Trace trace = new Trace(
                List.of(new Trace.Machine("a", ONE), new Trace.Machine("b", ONE)),
                List.of(
                        new Trace.Job("low", "default", Tier.BASIC, ONE, 2, 0, 100_000),
                        new Trace.Job("high", Tier.PREMIUM, ONE, 10_000, 50_000)));

        List<Summary> summaries = run(trace, new StringBuilder());

        assertThat(summaries).contains(new Summary(Tier.PREMIUM, 1, 1, 1, 0, 3000, 53_000));
        assertThat(summaries)
                .contains(new Summary(Tier.BASIC, 1, 1, 1, 1, 1000, 100_000 + 1000 + 2000 + 51_000 + 1000));
    }

    @Test
    void everyJobThatFitsSomewhereEnds() throws IOException {
        Random random = new Random(7);
        List<Trace.Job> jobs = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            Resources needs = new Resources(
                    1000L * (1 + random.nextInt(4)), 1, 500L * (random.nextBoolean() ? random.nextInt(3) : 4));
            jobs.add(new Trace.Job(
                    "j" + i,
                    List.of(Tier.values()).get(random.nextInt(3)),
                    needs,
                    random.nextInt(100_000),
                    1 + random.nextInt(60_000)));
        }
        Trace trace = new Trace(
                List.of(
                        new Trace.Machine("a", new Resources(8000, 100, 4000)),
                        new Trace.Machine("b", new Resources(4000, 100, 2000))),
                jobs);

        List<Summary> summaries = run(trace, new StringBuilder());

        assertThat(summaries).allMatch(summary -> summary.ended() == summary.jobs());
        assertThat(summaries.stream().mapToLong(Summary::jobs).sum()).isEqualTo(400);
    }

    @Test
    void whatReservationsOweIsThereWithinSeconds() {
        List<Trace.Job> jobs = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            jobs.add(new Trace.Job("a" + i, i % 2 == 0 ? "a" : "b", Tier.PREMIUM, ONE, 1, 1000L * i, 60_000));
        }
        Trace trace = new Trace(Trace.alike(4, 2), jobs);
        Map<String, Resources> halves =
                Map.of("a", new Resources(2000, 2000, 4000), "b", new Resources(2000, 2000, 4000));
        Simulation prompt = new Simulation(trace, halves, Policy.USUAL, new Costs(1000, 1000));
        Simulation slow = new Simulation(trace, halves, Policy.USUAL, new Costs(20_000, 20_000));

        prompt.run(1000, FOR_EVER, usage -> {});
        slow.run(1000, FOR_EVER, usage -> {});

        assertThat(prompt.guaranteeKept()).isEqualTo(1);
        assertThat(slow.guaranteeKept()).isLessThan(0.9);
    }

    @Test
    void kueuesWorkloadsTakeHardlyLongerThanTheCoresNeedForThem() throws IOException {
        Simulation simulation = new Simulation(KueueTrace.of(4), Policy.USUAL, new Costs(0, 0));

        List<Summary> summaries = simulation.run(1000, FOR_EVER, usage -> {});

        assertThat(summaries).allMatch(summary -> summary.ended() == summary.jobs());
        assertThat(summaries.stream().mapToLong(Summary::jobs).sum()).isEqualTo(4 * 500);
        // The bound is 66 s of work; Premium is never late.
        assertThat(simulation.endMillis()).isBetween(66_000L, 70_000L);
        assertThat(summaries)
                .filteredOn(summary -> summary.tier() == Tier.PREMIUM)
                .allMatch(summary -> summary.meanWaitMillis() == 0 && summary.suspensions() == 0);
    }

    @Test
    void premiumIsPromptInAClusterThatIsMadeUp() {
        Simulation simulation = new Simulation(MadeTrace.of(40), Policy.USUAL, COSTS);

        List<Summary> summaries = simulation.run(60_000, FOR_EVER, usage -> {});

        assertThat(summaries).allMatch(summary -> summary.ended() == summary.jobs());
        assertThat(simulation.preemptions()).containsKey(Preemption.STRONGER);
        assertThat(simulation.guaranteeKept()).isGreaterThan(0.99);
    }

    @Test
    void theSameTraceGivesTheSameResult() throws IOException {
        Trace trace = new Trace(
                List.of(new Trace.Machine("m", ONE)),
                List.of(new Trace.Job("a", Tier.BASIC, ONE, 0, 5000), new Trace.Job("b", Tier.BASIC, ONE, 1, 5000)));
        StringBuilder first = new StringBuilder();
        StringBuilder second = new StringBuilder();

        assertThat(run(trace, first)).isEqualTo(run(trace, second));
        assertThat(first.toString()).isEqualTo(second.toString());
        assertThat(first.toString().lines().toList())
                .startsWith(
                        "run,seconds,nodes_cores,used_cores,nodes_devices,used_devices,premium_devices,standard_devices,"
                                + "basic_devices,queued",
                        "it,0,1,0,1,0,0,0,0,0",
                        "it,1,1,1,1,1,0,0,1,1");
    }

    /** Small jobs come all the time, and none can be suspended while it starts. */
    @Test
    void premiumThatNeedsAWholeNodeDoesNotWaitForWhatKeepsStarting() {
        Trace trace = KueueTrace.of(1);
        List<Trace.Job> premium =
                trace.jobs().stream().filter(job -> job.tier() == Tier.PREMIUM).toList();

        long alone = meanWaitOfPremium(new Trace(trace.machines(), premium));

        assertThat(meanWaitOfPremium(trace)).isLessThan(alone + 5000);
    }

    private static long meanWaitOfPremium(Trace trace) {
        return new Simulation(trace, Policy.USUAL, COSTS)
                .run(1000, FOR_EVER, sample -> {}).stream()
                        .filter(summary -> summary.tier() == Tier.PREMIUM)
                        .mapToLong(Summary::meanWaitMillis)
                        .sum();
    }

    @Test
    void endsWhenWhatWaitsFitsNowhere() {
        Resources two = new Resources(1000, 10, 2000);
        Simulation simulation = new Simulation(
                new Trace(
                        List.of(new Trace.Machine("m", ONE)),
                        List.of(
                                new Trace.Job("small", Tier.BASIC, ONE, 0, 5000),
                                new Trace.Job("large", Tier.PREMIUM, two, 1, 5000),
                                new Trace.Job("last", Tier.BASIC, ONE, 1_000_000_000, 5000))),
                Policy.USUAL,
                COSTS);

        List<Summary> summaries = simulation.run(1000, FOR_EVER, sample -> {});

        assertThat(summaries)
                .contains(new Summary(Tier.PREMIUM, 1, 0, 0, 0, 0, 0), new Summary(Tier.BASIC, 2, 2, 2, 0, 1000, 6000));
        assertThat(simulation.turnarounds()).containsOnly(Map.entry("small", 6000L), Map.entry("last", 6000L));
    }

    @Test
    void readsOpenb() throws IOException {
        Path nodes = Files.writeString(
                directory.resolve("nodes"), "sn,cpu_milli,memory_mib,gpu,model\nn0,64000,262144,2,P100\n");
        Path pods = Files.writeString(
                directory.resolve("pods"),
                "name,cpu_milli,memory_mib,num_gpu,gpu_milli,gpu_spec,qos,pod_phase,creation_time,deletion_time,"
                        + "scheduled_time\np0,12000,16384,1,460,,LS,Running,10,70,20\n"
                        + "p1,12000,16384,0,0,,BE,Pending,10,,\n");

        Trace trace = OpenbTrace.read(nodes, pods, 2);

        assertThat(trace.machines()).containsExactly(new Trace.Machine("n0", new Resources(64_000, 262_144, 2000)));
        assertThat(trace.jobs())
                .containsExactly(new Trace.Job("p0", Tier.PREMIUM, new Resources(12_000, 16_384, 460), 5000, 50_000));
    }

    @Test
    void fillsOpenbUntilNothingMoreFits() throws IOException {
        Path nodes = Files.writeString(
                directory.resolve("nodes"), "sn,cpu_milli,memory_mib,gpu,model\nn0,64000,262144,2,P100\n");
        Path pods = Files.writeString(
                directory.resolve("pods"),
                "name,cpu_milli,memory_mib,num_gpu,gpu_milli,gpu_spec,qos,pod_phase,creation_time,deletion_time,"
                        + "scheduled_time\np0,1000,16,1,400,,LS,Running,10,70,20\n");

        Trace trace = OpenbTrace.packing(nodes, pods, 1.3, 1);

        assertThat(trace.jobs()).hasSize(7).allMatch(job -> job.needs().milliDevices() == 400);
        for (Placement placement : Placement.values()) {
            Packing packing = Packing.of(trace, placement, false);
            assertThat(packing.held()).as(placement.toString()).isEqualTo(0.8);
            assertThat(packing.waiting()).isEqualTo(3);
        }
    }

    @Test
    void namesTheLineOfAListThatIsNoOpenb() throws IOException {
        Path nodes = Files.writeString(
                directory.resolve("nodes"), "sn,cpu_milli,memory_mib,gpu,model\nn0,64000,262144,2,P100\nn1,3\n");

        assertThatThrownBy(() -> OpenbTrace.read(nodes, nodes, 1))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("2 columns in line 3 instead of 5");
    }

    @Test
    void departmentsHaveAllMachinesBetweenThemAndEachItsOwnJobs() {
        Random random = new Random(3);
        List<Trace.Machine> machines = new ArrayList<>();
        List<Trace.Job> jobs = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            machines.add(new Trace.Machine("m" + i, ONE));
        }
        for (int i = 0; i < 300; i++) {
            Tier tier = i % 4 == 0 ? Tier.PREMIUM : Tier.BASIC;
            jobs.add(new Trace.Job("j" + i, tier, ONE, random.nextInt(10_000), 10_000));
        }

        List<Trace> parts = Departments.of(new Trace(machines, jobs));

        assertThat(parts).hasSize(2);
        assertThat(parts.get(0).jobs()).hasSize(75).allMatch(job -> job.tier() == Tier.PREMIUM);
        assertThat(parts.get(0).machines()).hasSize(10);
        assertThat(parts.get(1).machines())
                .hasSize(30)
                .doesNotContainAnyElementsOf(parts.get(0).machines());
    }

    @Test
    void aPoolUsesWhatDepartmentsLeaveIdleAndThePictureShowsIt() throws Exception {
        List<Trace.Job> jobs = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            // One tier first, then the other: departments are half idle all the time.
            jobs.add(new Trace.Job("p" + i, Tier.PREMIUM, ONE, 0, 100_000));
            jobs.add(new Trace.Job("b" + i, Tier.BASIC, ONE, 100_000, 100_000));
        }
        Trace whole = new Trace(
                List.of(
                        new Trace.Machine("m0", ONE),
                        new Trace.Machine("m1", ONE),
                        new Trace.Machine("m2", ONE),
                        new Trace.Machine("m3", ONE)),
                jobs);
        List<Usage> pool = samples(whole);
        List<Usage> departments = Departments.together(
                Departments.of(whole).stream().map(SimulationTest::samples).toList());

        assertThat(UsageChart.meanUse(pool, 200_000, Resources::milliDevices)).isGreaterThan(0.95);
        assertThat(UsageChart.meanUse(departments, 200_000, Resources::milliDevices))
                .isBetween(0.7, 0.8);
        UsageChart chart = new UsageChart();
        chart.add("one <pool>", pool);
        chart.add("departments", departments);
        Document picture = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(chart.draw())));
        assertThat(picture.getElementsByTagName("path").getLength()).isGreaterThan(15);
        assertThat(picture.getDocumentElement().getTextContent()).contains("one <pool>", "departments", "premium");
    }

    private static List<Usage> samples(Trace trace) {
        List<Usage> samples = new ArrayList<>();
        new Simulation(trace, Policy.USUAL, COSTS).run(1000, FOR_EVER, samples::add);
        return samples;
    }

    private static List<Summary> run(Trace trace, Appendable csv) throws IOException {
        List<Usage> samples = new ArrayList<>();
        List<Summary> summaries = new Simulation(trace, Policy.USUAL, COSTS).run(1000, FOR_EVER, samples::add);
        UsageCsv.writeHeader(csv);
        UsageCsv.write("it", samples, csv);
        return summaries;
    }
}
