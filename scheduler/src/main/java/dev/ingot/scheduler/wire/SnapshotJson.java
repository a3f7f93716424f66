package dev.ingot.scheduler.wire;

import dev.ingot.core.json.JsonException;
import dev.ingot.core.json.JsonObject;
import dev.ingot.core.json.JsonWriter;
import dev.ingot.scheduler.pool.HealthSnapshot;
import dev.ingot.scheduler.pool.HealthState;
import dev.ingot.scheduler.pool.Intent;
import dev.ingot.scheduler.pool.KindSnapshot;
import dev.ingot.scheduler.pool.LimitsSnapshot;
import dev.ingot.scheduler.pool.MemberSnapshot;
import dev.ingot.scheduler.pool.NodeSnapshot;
import dev.ingot.scheduler.pool.PoolEvent;
import dev.ingot.scheduler.pool.PoolSnapshot;
import dev.ingot.scheduler.pool.Preparation;
import dev.ingot.scheduler.pool.Probe;
import dev.ingot.scheduler.pool.Prospect;
import dev.ingot.scheduler.pool.Resources;
import dev.ingot.scheduler.pool.ServiceSnapshot;
import dev.ingot.scheduler.pool.Stranded;
import dev.ingot.scheduler.pool.Strike;
import dev.ingot.scheduler.pool.TroubleSnapshot;
import dev.ingot.scheduler.pool.UsageSnapshot;
import dev.ingot.scheduler.pool.WorkloadSnapshot;
import dev.ingot.scheduler.pool.WorkloadSpec;
import dev.ingot.scheduler.pool.WorkloadView;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A {@link PoolSnapshot} as JSON objects, one for each thing in it, so that no text is as large as the pool. A reader takes them one after the
 * other. Not thread-safe.
 */
public final class SnapshotJson {
    private long submissions;
    private long at;
    private long movedMillis;
    private long movedMiB;
    private boolean closed;
    private long lastEvent;
    private final List<NodeSnapshot> nodes = new ArrayList<>();
    private final Map<String, Resources> reservations = new TreeMap<>();
    private final Map<String, LimitsSnapshot> limits = new TreeMap<>();
    private final Map<String, UsageSnapshot> usages = new TreeMap<>();
    private final List<KindSnapshot> mix = new ArrayList<>();
    private final List<WorkloadSnapshot> workloads = new ArrayList<>();
    private final List<PoolEvent> events = new ArrayList<>();

    /** The texts of a snapshot, made as they are asked for. */
    public static Stream<String> texts(PoolSnapshot snapshot) {
        JsonWriter counts = JsonWriter.compact();
        counts.object("pool")
                .member("at", snapshot.at())
                .member("movedMillis", snapshot.movedMillis())
                .member("movedMiB", snapshot.movedMiB())
                .member("submissions", snapshot.submissions())
                .member("closed", snapshot.closed())
                .member("lastEvent", snapshot.lastEvent())
                .end();
        return Stream.of(
                        Stream.of(counts.finish()),
                        snapshot.nodes().stream().map(SnapshotJson::text),
                        snapshot.reservations().entrySet().stream()
                                .map(reservation -> text(reservation.getKey(), reservation.getValue())),
                        snapshot.limits().entrySet().stream().map(limits -> text(limits.getKey(), limits.getValue())),
                        snapshot.usages().entrySet().stream().map(usage -> text(usage.getKey(), usage.getValue())),
                        snapshot.mix().stream().map(SnapshotJson::text),
                        snapshot.workloads().stream().map(SnapshotJson::text),
                        snapshot.events().stream().map(SnapshotJson::text))
                .flatMap(texts -> texts);
    }

    private static String text(NodeSnapshot node) {
        JsonWriter json = JsonWriter.compact();
        json.object("node")
                .member("name", node.name())
                .member("incarnation", node.incarnation())
                .member("alive", node.alive())
                .member("cordoned", node.cordoned())
                .member("draining", node.draining())
                .member("leaving", node.leaving())
                .member("health", PoolJson.text(node.health().state()))
                .member("healthUntil", node.health().until())
                .member("troubledSince", node.health().troubledSince())
                .member("evacuated", node.health().evacuated())
                .member("quarantines", node.health().quarantines())
                .member(
                        "pardoned",
                        node.health().pardoned().stream()
                                .map(Probe::text)
                                .sorted()
                                .toList());
        PoolJson.findings(json, node.health().findings());
        json.list("suspicions");
        node.health().suspicions().forEach(at -> json.element().member("at", at).end());
        json.endList().list("strikes");
        for (Strike strike : node.health().strikes()) {
            json.element()
                    .member("at", strike.at())
                    .member("program", strike.program())
                    .end();
        }
        json.endList();
        PoolJson.resources(json, "capacity", node.capacity());
        PoolJson.deviceKinds(json, node.devices());
        PoolJson.location(json, node.location());
        PoolJson.equipment(json, node.equipment());
        return json.end().finish();
    }

    private static String text(String tenant, Resources reservation) {
        JsonWriter json = JsonWriter.compact();
        json.object("tenant").member("name", tenant);
        PoolJson.resources(json, "reservation", reservation);
        return json.end().finish();
    }

    private static String text(String tenant, LimitsSnapshot limits) {
        JsonWriter json = JsonWriter.compact();
        json.object("tenantLimits")
                .member("name", tenant)
                .member("coreMillis", Double.toString(limits.coreMillis()))
                .member("deviceMillis", Double.toString(limits.deviceMillis()))
                .member("since", limits.since())
                .member("windowStart", limits.windowStart())
                .member("reportedIn", limits.reportedIn());
        PoolJson.limits(json, limits.limits());
        return json.end().finish();
    }

    private static String text(String tenant, UsageSnapshot usage) {
        return JsonWriter.compact()
                .object("tenantUsage")
                .member("name", tenant)
                .member("history", Double.toString(usage.history()))
                .member("since", usage.since())
                .end()
                .finish();
    }

    private static String text(KindSnapshot kind) {
        JsonWriter json = JsonWriter.compact();
        json.object("kind").member("count", kind.count());
        PoolJson.resources(json, "needs", kind.needs());
        return json.end().finish();
    }

    private static String text(WorkloadSnapshot workload) {
        JsonWriter json = JsonWriter.compact().object("workload");
        PoolJson.workload(json, workload.view(), true);
        json.end()
                .member("key", workload.key())
                .member("number", workload.number())
                .member("claimCertain", workload.claimCertain())
                .member("claimChoice", workload.claimChoice())
                .member("lastEpoch", workload.lastEpoch())
                .member("intent", PoolJson.text(workload.intent()));
        Preparation preparation = workload.preparation();
        if (preparation != null) {
            json.object("preparation")
                    .member("node", preparation.node())
                    .member("choice", preparation.choice())
                    .member("epoch", preparation.epoch())
                    .member("until", preparation.until());
            PoolJson.image(json, "base", preparation.base());
            json.end();
        }
        Stranded stranded = workload.stranded();
        if (stranded != null) {
            json.object("stranded").member("node", stranded.node()).member("incarnation", stranded.incarnation());
            PoolJson.numbers(json, "devices", stranded.devices());
            json.member("choice", stranded.choice())
                    .member("ran", stranded.ran())
                    .end();
        }
        PoolJson.image(json, "startImage", workload.startImage());
        PoolJson.parts(json, "imageOutput", workload.imageOutput());
        write(json, workload.prospects());
        TroubleSnapshot trouble = workload.trouble();
        PoolJson.image(json, "earlier", trouble.earlier());
        PoolJson.parts(json, "earlierOutput", trouble.earlierOutput());
        write(json, workload.member());
        return json.member("failures", trouble.failures())
                .member("wentBack", trouble.wentBack())
                .member("wasKilled", trouble.wasKilled())
                .member("failedOn", trouble.failedOn())
                .member("failedAs", trouble.failedAs())
                .member("setbacks", trouble.setbacks())
                .member("warning", trouble.warning())
                .member("queuedAt", workload.queuedAt())
                .member("runningSince", workload.runningSince())
                .member("upAt", workload.upAt())
                .member("notBefore", workload.notBefore())
                .member("spareUntil", workload.spareUntil())
                .member("stateSince", workload.stateSince())
                .member("imageAt", workload.imageAt())
                .member("suspendMillis", workload.suspendMillis())
                .member("resumeMillis", workload.resumeMillis())
                .object("service")
                .member("wanted", Double.toString(workload.service().wanted()))
                .member("had", Double.toString(workload.service().had()))
                .member("since", workload.service().since())
                .member("wants", workload.service().wants())
                .member("runs", workload.service().runs())
                .member("ran", workload.service().ran())
                .end()
                .finish();
    }

    private static void write(JsonWriter json, Map<String, Map<String, Prospect>> prospects) {
        if (!prospects.isEmpty()) {
            json.list("foreseen");
            prospects.forEach((image, known) -> {
                PoolJson.prospects(json.element().member("image", image), known);
                json.end();
            });
            json.endList();
        }
    }

    private static Map<String, Map<String, Prospect>> prospects(JsonObject workload) throws JsonException {
        Map<String, Map<String, Prospect>> prospects = new LinkedHashMap<>();
        // Earlier versions did not know.
        for (JsonObject each : workload.has("foreseen") ? workload.objects("foreseen") : List.<JsonObject>of()) {
            prospects.put(each.string("image"), PoolJson.prospects(each));
        }
        return prospects;
    }

    private static void write(JsonWriter json, @Nullable MemberSnapshot member) {
        if (member != null) {
            json.object("member")
                    .member("gang", member.gang())
                    .member("index", member.index())
                    .member("beyond", member.beyond())
                    .member("fresh", member.fresh())
                    .member("asked", member.asked())
                    .member("broken", member.broken())
                    .member("hold", member.hold())
                    .member("setAt", member.setAt())
                    .member("gatheredUntil", member.gatheredUntil());
            PoolJson.image(json, "pending", member.pending());
            json.end();
        }
    }

    private static @Nullable MemberSnapshot member(JsonObject workload) throws JsonException {
        if (!workload.has("member")) {
            return null;
        }
        JsonObject json = workload.object("member");
        return new MemberSnapshot(
                json.string("gang"),
                json.count("index"),
                json.flag("beyond"),
                PoolJson.image(json, "pending"),
                json.flag("fresh"),
                json.flag("asked"),
                json.flag("broken"),
                json.flag("hold"),
                json.integer("setAt"),
                json.integer("gatheredUntil"));
    }

    private static String text(PoolEvent event) {
        JsonWriter json = JsonWriter.compact().object("event");
        PoolJson.event(json, event);
        return json.end().finish();
    }

    /** Takes the next of the texts. */
    public void read(JsonObject json) throws JsonException {
        if (json.has("workload")) {
            workloads.add(workload(json));
        } else if (json.has("node")) {
            JsonObject node = json.object("node");
            nodes.add(new NodeSnapshot(
                    node.string("name"),
                    node.string("incarnation"),
                    PoolJson.resources(node.object("capacity")),
                    PoolJson.deviceKinds(node),
                    PoolJson.location(node),
                    PoolJson.equipment(node),
                    node.flag("alive"),
                    node.flag("cordoned"),
                    node.flag("draining"),
                    node.has("leaving") && node.flag("leaving"),
                    node.has("strikes") ? health(node) : HealthSnapshot.GOOD));
        } else if (json.has("kind")) {
            JsonObject kind = json.object("kind");
            mix.add(new KindSnapshot(PoolJson.resources(kind.object("needs")), kind.count("count")));
        } else if (json.has("event")) {
            events.add(PoolJson.event(json.object("event")));
        } else if (json.has("tenantUsage")) {
            JsonObject usage = json.object("tenantUsage");
            usages.put(usage.string("name"), new UsageSnapshot(number(usage, "history"), usage.integer("since")));
        } else if (json.has("tenantLimits")) {
            JsonObject each = json.object("tenantLimits");
            limits.put(
                    each.string("name"),
                    new LimitsSnapshot(
                            PoolJson.limits(each),
                            number(each, "coreMillis"),
                            number(each, "deviceMillis"),
                            each.integer("since"),
                            each.integer("windowStart"),
                            each.integer("reportedIn")));
        } else if (json.has("tenant")) {
            JsonObject tenant = json.object("tenant");
            reservations.put(tenant.string("name"), PoolJson.reservation(tenant));
        } else {
            JsonObject pool = json.object("pool");
            submissions = pool.integer("submissions", 0, PoolJson.MOST);
            at = pool.integer("at");
            movedMillis = pool.integer("movedMillis", 0, PoolJson.MOST);
            movedMiB = pool.integer("movedMiB", 0, PoolJson.MOST);
            closed = pool.flag("closed");
            lastEvent = pool.integer("lastEvent", 0, PoolJson.MOST);
        }
    }

    private static HealthSnapshot health(JsonObject node) throws JsonException {
        List<Strike> strikes = new ArrayList<>();
        for (JsonObject strike : node.objects("strikes")) {
            strikes.add(new Strike(strike.integer("at"), strike.string("program")));
        }
        int quarantines = node.count("quarantines");
        if (!node.has("health")) {
            // Of a version that knew of nothing but quarantine.
            long until = node.integer("quarantinedUntil", 0, PoolJson.MOST);
            HealthState state = until > 0 ? HealthState.QUARANTINED : HealthState.HEALTHY;
            return new HealthSnapshot(state, until, 0, strikes, quarantines, List.of(), Map.of(), Set.of(), false);
        }
        List<Long> suspicions = new ArrayList<>();
        for (JsonObject suspicion : node.objects("suspicions")) {
            suspicions.add(suspicion.integer("at"));
        }
        Set<Probe> pardoned = EnumSet.noneOf(Probe.class);
        for (String probe : node.strings("pardoned")) {
            pardoned.add(PoolJson.constant(Probe.class, probe));
        }
        return new HealthSnapshot(
                PoolJson.constant(HealthState.class, node.string("health")),
                node.integer("healthUntil", 0, PoolJson.MOST),
                node.integer("troubledSince", 0, PoolJson.MOST),
                strikes,
                quarantines,
                suspicions,
                PoolJson.findings(node),
                pardoned,
                node.flag("evacuated"));
    }

    private static Preparation preparation(JsonObject json, WorkloadSpec spec) throws JsonException {
        return new Preparation(
                json.string("node"),
                // Earlier versions did not say.
                PoolJson.choice(json, spec),
                json.integer("epoch", 1, PoolJson.MOST),
                json.integer("until"),
                PoolJson.image(json, "base"));
    }

    private static Stranded stranded(JsonObject json, WorkloadSpec spec) throws JsonException {
        return new Stranded(
                json.string("node"),
                json.string("incarnation"),
                PoolJson.numbers(json, "devices"),
                PoolJson.choice(json, spec),
                json.flag("ran"));
    }

    private static TroubleSnapshot trouble(JsonObject json, WorkloadSpec spec) throws JsonException {
        return new TroubleSnapshot(
                PoolJson.image(json, "earlier"),
                json.has("earlierOutput") ? PoolJson.parts(json, "earlierOutput") : List.of(),
                json.count("failures"),
                json.has("wentBack") && json.flag("wentBack"),
                json.has("wasKilled") && json.flag("wasKilled"),
                json.optionalString("failedOn").orElse(null),
                // Earlier versions did not say.
                json.has("failedAs")
                        ? (int) json.integer("failedAs", -1, spec.alternatives().size() - 1L)
                        : -1,
                json.has("setbacks") ? json.count("setbacks") : 0,
                json.optionalString("warning").orElse(null));
    }

    private static int claimChoice(JsonObject json, WorkloadSpec spec) throws JsonException {
        return json.has("claimChoice")
                ? (int) json.integer("claimChoice", 0, spec.alternatives().size() - 1L)
                : 0;
    }

    private static WorkloadSnapshot workload(JsonObject json) throws JsonException {
        WorkloadView view = PoolJson.workload(json.object("workload"));
        return new WorkloadSnapshot(
                view,
                json.string("key"),
                json.integer("number", 1, PoolJson.MOST),
                json.flag("claimCertain"),
                claimChoice(json, view.spec()),
                PoolJson.constant(Intent.class, json.string("intent")),
                json.has("lastEpoch")
                        ? json.integer("lastEpoch", 0, PoolJson.MOST)
                        : json.object("workload").integer("epoch"),
                json.has("preparation") ? preparation(json.object("preparation"), view.spec()) : null,
                json.has("stranded") ? stranded(json.object("stranded"), view.spec()) : null,
                PoolJson.image(json, "startImage"),
                PoolJson.parts(json, "imageOutput"),
                prospects(json),
                trouble(json, view.spec()),
                json.integer("queuedAt"),
                json.integer("runningSince"),
                json.has("upAt") ? json.integer("upAt") : -1,
                json.integer("stateSince"),
                json.integer("imageAt"),
                json.integer("suspendMillis", 0, PoolJson.MOST),
                json.integer("resumeMillis", 0, PoolJson.MOST),
                json.integer("notBefore"),
                json.integer("spareUntil"),
                service(json.object("service")),
                member(json));
    }

    private static ServiceSnapshot service(JsonObject json) throws JsonException {
        return new ServiceSnapshot(
                number(json, "wanted"),
                number(json, "had"),
                json.integer("since"),
                json.flag("wants"),
                json.flag("runs"),
                json.has("ran") ? json.integer("ran") : 0);
    }

    // As text, by which each number comes back to the last bit.
    private static double number(JsonObject json, String name) throws JsonException {
        try {
            return Double.parseDouble(json.string(name));
        } catch (NumberFormatException malformed) {
            throw new JsonException("member '" + name + "' is not a number", malformed);
        }
    }

    /** What was read so far. */
    public PoolSnapshot snapshot() {
        return new PoolSnapshot(
                at,
                submissions,
                movedMillis,
                movedMiB,
                closed,
                nodes,
                reservations,
                limits,
                usages,
                mix,
                workloads,
                lastEvent,
                events);
    }
}
