package dev.ingot.scheduler.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.core.json.JsonException;
import dev.ingot.core.json.JsonObject;
import dev.ingot.core.json.JsonWriter;
import dev.ingot.scheduler.pool.AcceleratorKind;
import dev.ingot.scheduler.pool.Alternative;
import dev.ingot.scheduler.pool.Budget;
import dev.ingot.scheduler.pool.Command;
import dev.ingot.scheduler.pool.Goal;
import dev.ingot.scheduler.pool.ImageReference;
import dev.ingot.scheduler.pool.Level;
import dev.ingot.scheduler.pool.Location;
import dev.ingot.scheduler.pool.NodeDevices;
import dev.ingot.scheduler.pool.Order;
import dev.ingot.scheduler.pool.Phase;
import dev.ingot.scheduler.pool.PlacementRule;
import dev.ingot.scheduler.pool.Policy;
import dev.ingot.scheduler.pool.Pool;
import dev.ingot.scheduler.pool.Probe;
import dev.ingot.scheduler.pool.Prospect;
import dev.ingot.scheduler.pool.Report;
import dev.ingot.scheduler.pool.Resources;
import dev.ingot.scheduler.pool.ServicePort;
import dev.ingot.scheduler.pool.ShippedFile;
import dev.ingot.scheduler.pool.TenantLimits;
import dev.ingot.scheduler.pool.Tier;
import dev.ingot.scheduler.pool.WorkloadSpec;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PoolJsonTest {
    private static final Resources NEEDS = new Resources(500, 64, 250);
    private static final WorkloadSpec SPEC = new WorkloadSpec(
            "job",
            "team",
            Tier.PREMIUM,
            -3,
            NEEDS,
            List.of("java", "-cp", "a b", "Job"),
            "/home",
            Map.of("A", "ä\n\"1\""),
            250);
    private static final NodeDevices DEVICES = new NodeDevices(Map.of(AcceleratorKind.GPU, 4, AcceleratorKind.FPGA, 1));
    private static final Resources CARD = new Resources(500, 64, 1000, AcceleratorKind.GPU);
    private static final WorkloadSpec WITH_ALTERNATIVES = new WorkloadSpec(
                    "job", "team", Tier.BASIC, 0, CARD, List.of("java", "Job"), "/home", Map.of(), 0)
            .toBuilder()
                    .alternatives(List.of(
                            new Alternative(AcceleratorKind.GPU, CARD, 1000),
                            new Alternative(AcceleratorKind.CPU, new Resources(8000, 64, 0), 100)))
                    .build();
    private static final Report REPORT =
            new Report("job-1", 2, Phase.RUNNING, new ImageReference("i", 3, 4, 5), -1, 6, 7, "a problem", "a warning");

    static List<Command> commands() {
        return List.of(
                new Command.Submit("key", SPEC),
                new Command.Submit("key", SPEC.serving(List.of(new ServicePort("http", 80, "::", 18080, 250)))),
                new Command.Submit(
                        "key", SPEC.serving(List.of(new ServicePort("http", 80, "::", 18080, 250, 18100, 1)))),
                new Command.Submit(
                        "key",
                        SPEC.shipping(List.of(new ShippedFile("a/b.jar", "0a".repeat(32), 7)))
                                .withFilesIn("/p")),
                new Command.Submit(
                        "key", SPEC.placed(new PlacementRule(new Location("eu/a"), Level.RACK, Map.of(Level.NODE, 2)))),
                new Command.Submit(
                        "key", SPEC.placed(new PlacementRule(Location.NOWHERE, null, Map.of(Level.ZONE, 1)))),
                new Command.Submit("key", WITH_ALTERNATIVES),
                new Command.Submit(
                        "key", SPEC.toBuilder().minimumRunMillis(300_000).build()),
                new Command.Suspend("a"),
                new Command.Resume("a"),
                new Command.Migrate("a", "n"),
                new Command.Migrate("a", null),
                new Command.Exchange("a", "b"),
                new Command.Cancel("a"),
                new Command.Join("n", "i", NEEDS),
                new Command.Join("n", "i", NEEDS, new Location("eu/a/r7")),
                new Command.Join("n", "i", NEEDS, Location.NOWHERE, "equipment"),
                new Command.Join("n", "i", NEEDS, DEVICES, Location.NOWHERE, ""),
                new Command.Foresee(
                        "a",
                        "image",
                        Map.of("one", new Prospect(true, 7, ""), "other", new Prospect(false, 0, "there is no card"))),
                new Command.Observe("n", "i", List.of(REPORT)),
                new Command.Diagnose("n", "i", Map.of(Probe.DISK, "slow", Probe.HEARTBEAT, "late")),
                new Command.Diagnose("n", "i", Map.of()),
                new Command.Lose("n", "i"),
                new Command.Return("node1", "i"),
                new Command.Leave("n", "i"),
                new Command.Cordon("n", true),
                new Command.Drain("n"),
                new Command.Reserve("team", NEEDS),
                new Command.Limit("team/part", TenantLimits.NONE),
                new Command.Limit(
                        "team",
                        new TenantLimits(
                                new Resources(0, TenantLimits.ANY, 1000),
                                new Resources(TenantLimits.ANY, 5, TenantLimits.ANY),
                                new Budget(TenantLimits.ANY, 1500, 60_000))),
                new Command.Close(true),
                new Command.Tick());
    }

    @Test
    void whatNodesListenAtComesBackAsItWas() throws JsonException {
        List<Listening> listening = List.of(new Listening("job-1", 2, List.of(80, 8080)));
        Command.Join join = new Command.Join("n", "i", NEEDS);

        assertThat(PoolJson.listening(JsonObject.parse(
                        PoolJson.beat(join, List.of(), listening, null, ImageOffer.NONE, SelfReport.WELL))))
                .isEqualTo(listening);
        assertThat(PoolJson.listening(JsonObject.parse("{}"))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void commandsComeBackAsTheyWere(Command command) throws JsonException {
        JsonWriter json = JsonWriter.compact();
        PoolJson.command(json, command);

        assertThat(PoolJson.command(JsonObject.parse(json.finish()))).isEqualTo(command);
    }

    @Test
    void aBeatSaysWhatANodeFindsOfItselfButNotThatItIsLate() throws JsonException {
        Command.Join join = new Command.Join("n", "i", NEEDS);
        SelfReport self = new SelfReport(Map.of(Probe.DISK, "slow", Probe.HEARTBEAT, "late"), 7);

        assertThat(PoolJson.selfReport(
                        JsonObject.parse(PoolJson.beat(join, List.of(), List.of(), null, ImageOffer.NONE, self))))
                .isEqualTo(new SelfReport(Map.of(Probe.DISK, "slow"), 7));
        String plain = PoolJson.beat(join, List.of(), List.of(), null, ImageOffer.NONE, SelfReport.WELL);
        assertThat(PoolJson.selfReport(JsonObject.parse(plain))).isEqualTo(SelfReport.WELL);
    }

    @Test
    void thereIsATestForEveryCommand() {
        assertThat(commands().stream().map(Object::getClass).distinct())
                .hasSameSizeAs(Command.class.getPermittedSubclasses());
    }

    @Test
    void whatThePoolShowsComesBackAsItWas() throws JsonException {
        Pool pool = new Pool(Policy.USUAL);
        pool.apply(1, new Command.Join("n", "i", new Resources(1000, 1000, 1000), new Location("eu/a")));
        pool.apply(2, new Command.Submit("key", SPEC));
        pool.apply(3, new Command.Observe("n", "i", List.of(REPORT)));
        JsonWriter workload = JsonWriter.compact();
        PoolJson.workload(workload, pool.workloads().get(0), true);
        JsonWriter orders = JsonWriter.compact();
        PoolJson.orders(orders, pool.orders("n"));
        JsonWriter tenant = JsonWriter.compact();
        PoolJson.tenant(tenant, pool.tenants().get(0));
        JsonWriter node = JsonWriter.compact();
        PoolJson.node(node, pool.nodes().get(0));

        assertThat(PoolJson.workload(JsonObject.parse(workload.finish())))
                .isEqualTo(pool.workloads().get(0));
        assertThat(PoolJson.orders(JsonObject.parse(orders.finish()))).isEqualTo(pool.orders("n"));
        assertThat(PoolJson.tenant(JsonObject.parse(tenant.finish())))
                .isEqualTo(pool.tenants().get(0));
        assertThat(PoolJson.node(JsonObject.parse(node.finish())))
                .isEqualTo(pool.nodes().get(0));
    }

    @Test
    void soDoWhatAWorkloadHasOfItsAlternativesAndOfWhichKindsDevicesAre() throws JsonException {
        Pool pool = new Pool(Policy.USUAL);
        pool.apply(1, new Command.Join("n", "i", new Resources(9000, 1000, 5000), DEVICES, Location.NOWHERE, ""));
        pool.apply(2, new Command.Cordon("n", true));
        pool.apply(3, new Command.Submit("key", WITH_ALTERNATIVES));
        pool.apply(4, new Command.Join("m", "j", new Resources(9000, 1000, 0)));
        JsonWriter workload = JsonWriter.compact();
        PoolJson.workload(workload, pool.workloads().get(0), true);
        JsonWriter orders = JsonWriter.compact();
        PoolJson.orders(orders, pool.orders("m"));
        JsonWriter node = JsonWriter.compact();
        PoolJson.node(node, Objects.requireNonNull(pool.node("n")));

        String text = workload.finish();

        assertThat(text).contains("\"accelerators\":\"cpu:8@0.1\"");
        assertThat(PoolJson.workload(JsonObject.parse(text)))
                .isEqualTo(pool.workloads().get(0));
        assertThat(PoolJson.orders(JsonObject.parse(orders.finish()))).isEqualTo(pool.orders("m"));
        assertThat(PoolJson.node(JsonObject.parse(node.finish()))).isEqualTo(pool.node("n"));
    }

    @Test
    void refusesAChoiceThatThereIsNot() {
        assertThatThrownBy(() -> PoolJson.orders(JsonObject.parse(orders().replace("\"choice\":0", "\"choice\":1"))))
                .isInstanceOf(JsonException.class)
                .hasMessageContaining("choice");
    }

    private static String orders() {
        JsonWriter json = JsonWriter.compact();
        PoolJson.orders(json, List.of(new Order("job-1", 1, Goal.RUN, 0, List.of(), "", null, List.of(), SPEC)));
        return json.finish();
    }

    @Test
    void earlierVersionsWroteWholeDevices() throws JsonException {
        String written = "{\"reservation\":{\"milliCores\":500,\"memoryMiB\":64,\"devices\":2}}";

        assertThat(PoolJson.reservation(JsonObject.parse(written))).isEqualTo(new Resources(500, 64, 2000));
    }

    @Test
    void workloadsOfEarlierVersionsAskForNoMinimumRun() throws JsonException {
        String written =
                "{\"name\":\"job\",\"tenant\":\"team\",\"tier\":\"premium\",\"priority\":-3,\"command\":[\"java\",\"-cp\","
                        + "\"a b\",\"Job\"],\"directory\":\"/home\",\"environment\":{\"A\":\"ä\\n\\\"1\\\"\"},\"checkpointMillis\":250,\"gang\":1,"
                        + "\"least\":1,\"needs\":{\"milliCores\":500,\"memoryMiB\":64,\"milliDevices\":250}}";

        assertThat(PoolJson.spec(JsonObject.parse(written))).isEqualTo(SPEC);
    }

    @Test
    void nodesOfEarlierVersionsSayNothingOfTheirAccelerators() throws JsonException {
        String beat = PoolJson.beat(
                new Command.Join("n", "i", NEEDS), List.of(), List.of(), null, ImageOffer.NONE, SelfReport.WELL);

        assertThat(beat).doesNotContain("quipment");
        assertThat(PoolJson.join(JsonObject.parse(beat)).equipment()).isEmpty();
        assertThat(PoolJson.equipmentDescription(JsonObject.parse(beat))).isNull();
    }

    @Test
    void aBeatSaysWhereItsNodeStands() throws JsonException {
        Command.Join join = new Command.Join("n", "i", NEEDS, new Location("eu/a/r7"));

        assertThat(PoolJson.join(JsonObject.parse(
                        PoolJson.beat(join, List.of(), List.of(), null, ImageOffer.NONE, SelfReport.WELL))))
                .isEqualTo(join);
        assertThatThrownBy(() -> PoolJson.join(JsonObject.parse("{\"node\":\"n\",\"incarnation\":\"i\","
                        + "\"capacity\":{\"milliCores\":1,\"memoryMiB\":1},\"location\":\"eu//r7\"}")))
                .isInstanceOf(JsonException.class)
                .hasMessageContaining("'eu//r7' is no location");
    }

    @Test
    void refusesATierThatThereIsNot() {
        assertThatThrownBy(() -> PoolJson.spec(JsonObject.parse("{\"name\":\"a\",\"tier\":\"gold\"}")))
                .isInstanceOf(JsonException.class)
                .hasMessageContaining("no Tier 'gold'");
    }
}
