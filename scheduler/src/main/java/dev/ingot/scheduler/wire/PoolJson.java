package dev.ingot.scheduler.wire;

import dev.ingot.core.json.JsonException;
import dev.ingot.core.json.JsonObject;
import dev.ingot.core.json.JsonWriter;
import dev.ingot.scheduler.pool.AcceleratorKind;
import dev.ingot.scheduler.pool.Alternative;
import dev.ingot.scheduler.pool.Budget;
import dev.ingot.scheduler.pool.BudgetUse;
import dev.ingot.scheduler.pool.Command;
import dev.ingot.scheduler.pool.Event;
import dev.ingot.scheduler.pool.Goal;
import dev.ingot.scheduler.pool.HealthState;
import dev.ingot.scheduler.pool.ImageReference;
import dev.ingot.scheduler.pool.Level;
import dev.ingot.scheduler.pool.Location;
import dev.ingot.scheduler.pool.NodeDevices;
import dev.ingot.scheduler.pool.NodeView;
import dev.ingot.scheduler.pool.Order;
import dev.ingot.scheduler.pool.OutputPart;
import dev.ingot.scheduler.pool.Phase;
import dev.ingot.scheduler.pool.Placement;
import dev.ingot.scheduler.pool.PlacementRule;
import dev.ingot.scheduler.pool.Policy;
import dev.ingot.scheduler.pool.PoolEvent;
import dev.ingot.scheduler.pool.Probe;
import dev.ingot.scheduler.pool.Prospect;
import dev.ingot.scheduler.pool.Report;
import dev.ingot.scheduler.pool.Resources;
import dev.ingot.scheduler.pool.ServicePort;
import dev.ingot.scheduler.pool.ShippedFile;
import dev.ingot.scheduler.pool.TenantLimits;
import dev.ingot.scheduler.pool.TenantView;
import dev.ingot.scheduler.pool.Tier;
import dev.ingot.scheduler.pool.TierView;
import dev.ingot.scheduler.pool.Usage;
import dev.ingot.scheduler.pool.WorkloadSpec;
import dev.ingot.scheduler.pool.WorkloadState;
import dev.ingot.scheduler.pool.WorkloadView;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The pool's records as JSON objects and back. Readers check every number and name; unknown members are ignored. */
public final class PoolJson {
    /** The tenant of a workload that names none. */
    public static final String DEFAULT_TENANT = "default";

    private static final String MILLI_CORES = "milliCores";
    private static final String MEMORY_MIB = "memoryMiB";
    private static final String MILLI_DEVICES = "milliDevices";
    private static final String MILLI_CORE_HOURS = "milliCoreHours";
    private static final String MILLI_DEVICE_HOURS = "milliDeviceHours";
    private static final String GOES_ON_AS_TOLD = "goesOnAsTold";

    static final long MOST = Long.MAX_VALUE;
    private static final int MOST_PORT = 65_535;

    private PoolJson() {}

    /** The name of a constant as it is written. */
    public static String text(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    static <E extends Enum<E>> E constant(Class<E> type, String text) throws JsonException {
        for (E constant : type.getEnumConstants()) {
            if (text(constant).equals(text)) {
                return constant;
            }
        }
        throw new JsonException("there is no " + type.getSimpleName() + " '" + text + "'");
    }

    /* ---- Parts ---- */

    /** Writes an amount as a member of the open object. */
    public static void resources(JsonWriter json, String name, Resources amount) {
        json.object(name)
                .member("milliCores", amount.milliCores())
                .member("memoryMiB", amount.memoryMiB())
                .member("milliDevices", amount.milliDevices());
        if (amount.kind() != AcceleratorKind.ANY) {
            json.member("kind", text(amount.kind()));
        }
        json.end();
    }

    static Resources resources(JsonObject json) throws JsonException {
        int most = Integer.MAX_VALUE;
        return new Resources(
                json.integer("milliCores", 0, most),
                json.integer("memoryMiB", 0, most),
                // Earlier versions wrote whole devices.
                json.has("devices")
                        ? Resources.WHOLE_DEVICE * json.integer("devices", 0, most)
                        : json.has("milliDevices") ? json.integer("milliDevices", 0, MOST) : 0,
                json.has("kind") ? constant(AcceleratorKind.class, json.string("kind")) : AcceleratorKind.ANY);
    }

    /** Writes of which kinds a node's accelerators are as a member of the open object, if it says so. */
    static void deviceKinds(JsonWriter json, NodeDevices devices) {
        if (!devices.counts().isEmpty()) {
            json.object("deviceKinds");
            devices.counts().forEach((kind, count) -> json.member(text(kind), count));
            json.end();
        }
    }

    static NodeDevices deviceKinds(JsonObject json) throws JsonException {
        if (!json.has("deviceKinds")) {
            // Earlier versions did not say.
            return NodeDevices.UNNAMED;
        }
        JsonObject counts = json.object("deviceKinds");
        Map<AcceleratorKind, Integer> kinds = new EnumMap<>(AcceleratorKind.class);
        for (AcceleratorKind kind : AcceleratorKind.values()) {
            if (counts.has(text(kind))) {
                kinds.put(kind, counts.count(text(kind)));
            }
        }
        try {
            return new NodeDevices(kinds);
        } catch (IllegalArgumentException malformed) {
            throw new JsonException(String.valueOf(malformed.getMessage()), malformed);
        }
    }

    static void findings(JsonWriter json, Map<Probe, String> findings) {
        if (!findings.isEmpty()) {
            json.object("findings");
            for (Probe probe : Probe.values()) {
                if (findings.containsKey(probe)) {
                    json.member(probe.text(), findings.get(probe));
                }
            }
            json.end();
        }
    }

    /** What probes find; those of which nobody here knows count for nothing. */
    static Map<Probe, String> findings(JsonObject json) throws JsonException {
        if (!json.has("findings")) {
            return Map.of();
        }
        JsonObject texts = json.object("findings");
        Map<Probe, String> findings = new EnumMap<>(Probe.class);
        for (Probe probe : Probe.values()) {
            if (texts.has(probe.text())) {
                findings.put(probe, texts.string(probe.text()));
            }
        }
        return findings;
    }

    private static void alternatives(JsonWriter json, WorkloadSpec spec) {
        if (spec.namesAccelerators()) {
            json.list("alternatives");
            for (Alternative each : spec.alternatives()) {
                json.element().member("kind", text(each.kind())).member("speed", each.speed());
                resources(json, "needs", each.needs());
                json.end();
            }
            json.endList();
        }
    }

    private static List<Alternative> alternatives(JsonObject json) throws JsonException {
        List<Alternative> alternatives = new ArrayList<>();
        // Earlier versions had none.
        for (JsonObject each : json.has("alternatives") ? json.objects("alternatives") : List.<JsonObject>of()) {
            alternatives.add(new Alternative(
                    constant(AcceleratorKind.class, each.string("kind")), resources(each.object("needs")), (int)
                            each.integer("speed", 1, Alternative.FULL_SPEED)));
        }
        return alternatives;
    }

    static int choice(JsonObject json, WorkloadSpec spec) throws JsonException {
        return json.has("choice")
                ? (int) json.integer("choice", 0, spec.alternatives().size() - 1L)
                : 0;
    }

    /** Writes where a node stands as a member of the open object, if that is somewhere in particular. */
    static void location(JsonWriter json, Location location) {
        if (!location.equals(Location.NOWHERE)) {
            json.member("location", location.path());
        }
    }

    static Location location(JsonObject json) throws JsonException {
        return location(json, "location");
    }

    private static Location location(JsonObject json, String name) throws JsonException {
        try {
            return json.has(name) ? new Location(json.string(name)) : Location.NOWHERE;
        } catch (IllegalArgumentException malformed) {
            throw new JsonException(String.valueOf(malformed.getMessage()), malformed);
        }
    }

    /** Writes where a workload is to run as a member of the open object, if not anywhere. */
    public static void placement(JsonWriter json, PlacementRule rule) {
        if (!rule.isNone()) {
            json.object("placement");
            if (!rule.within().equals(Location.NOWHERE)) {
                json.member("within", rule.within().path());
            }
            Level together = rule.together();
            if (together != null) {
                json.member("together", text(together));
            }
            if (!rule.spread().isEmpty()) {
                json.object("spread");
                new TreeMap<>(rule.spread()).forEach((level, most) -> json.member(text(level), most));
                json.end();
            }
            json.end();
        }
    }

    private static PlacementRule placement(JsonObject json) throws JsonException {
        if (!json.has("placement")) {
            // Earlier versions had none.
            return PlacementRule.NONE;
        }
        JsonObject rule = json.object("placement");
        Map<Level, Integer> spread = new EnumMap<>(Level.class);
        if (rule.has("spread")) {
            JsonObject most = rule.object("spread");
            for (Level level : Level.values()) {
                if (most.has(text(level))) {
                    spread.put(level, (int) most.integer(text(level), 1, WorkloadSpec.MOST_MEMBERS));
                }
            }
        }
        return new PlacementRule(
                location(rule, "within"),
                rule.has("together") ? constant(Level.class, rule.string("together")) : null,
                spread);
    }

    /** Writes the members of a specification into the open object. */
    public static void spec(JsonWriter json, WorkloadSpec spec) {
        json.member("name", spec.name())
                .member("tenant", spec.tenant())
                .member("tier", text(spec.tier()))
                .member("priority", spec.priority())
                .member("command", spec.command())
                .member("directory", spec.directory())
                .member("environment", spec.environment())
                .member("checkpointMillis", spec.checkpointMillis())
                .member("gang", spec.gang())
                .member("least", spec.least());
        resources(json, "needs", spec.needs());
        alternatives(json, spec);
        services(json, spec.services());
        files(json, spec.files());
        placement(json, spec.placement());
        if (spec.minimumRunMillis() > 0) {
            json.member("minimumRunMillis", spec.minimumRunMillis());
        }
    }

    private static void files(JsonWriter json, List<ShippedFile> files) {
        if (!files.isEmpty()) {
            json.list("files");
            for (ShippedFile file : files) {
                json.element()
                        .member("name", file.name())
                        .member("sha256", file.sha256())
                        .member("bytes", file.bytes())
                        .end();
            }
            json.endList();
        }
    }

    private static List<ShippedFile> files(JsonObject json) throws JsonException {
        List<ShippedFile> files = new ArrayList<>();
        for (JsonObject file : json.has("files") ? json.objects("files") : List.<JsonObject>of()) {
            files.add(new ShippedFile(
                    file.string("name"), file.string("sha256"), file.integer("bytes", 0, ShippedFile.MOST_BYTES)));
        }
        return files;
    }

    private static void services(JsonWriter json, List<ServicePort> services) {
        if (!services.isEmpty()) {
            json.list("services");
            for (ServicePort service : services) {
                json.element()
                        .member("name", service.name())
                        .member("port", service.port())
                        .member("address", service.address())
                        .member("host", service.host())
                        .member("entrance", service.entrance())
                        .member("holdMillis", service.holdMillis());
                if (service.members() > 0 || service.step() > 0) {
                    json.member("members", service.members()).member("step", service.step());
                }
                json.end();
            }
            json.endList();
        }
    }

    private static List<ServicePort> services(JsonObject json) throws JsonException {
        List<ServicePort> services = new ArrayList<>();
        for (JsonObject service : json.has("services") ? json.objects("services") : List.<JsonObject>of()) {
            services.add(new ServicePort(
                    service.string("name"),
                    (int) service.integer("port", 1, MOST_PORT),
                    service.string("host"),
                    (int) service.integer("entrance", 1, MOST_PORT),
                    service.integer("holdMillis", 0, ServicePort.MOST_HOLD_MILLIS),
                    service.has("members") ? (int) service.integer("members", 0, MOST_PORT) : 0,
                    service.has("step") ? (int) service.integer("step", 0, MOST_PORT) : 0));
        }
        return services;
    }

    public static WorkloadSpec spec(JsonObject json) throws JsonException {
        Tier tier = constant(Tier.class, json.string("tier"));
        Resources needs = resources(json.object("needs"));
        List<Alternative> alternatives = alternatives(json);
        if (!alternatives.isEmpty() && !alternatives.get(0).needs().equals(needs)) {
            throw new JsonException("the first of 'alternatives' is not what 'needs' says");
        }
        return new WorkloadSpec(
                        json.string("name"),
                        json.optionalString("tenant").orElse(DEFAULT_TENANT),
                        tier,
                        (int) json.integer("priority", Integer.MIN_VALUE, Integer.MAX_VALUE),
                        needs,
                        json.strings("command"),
                        json.string("directory"),
                        json.stringMap("environment"),
                        json.integer("checkpointMillis", 0, MOST))
                .toBuilder()
                        .gang(
                                json.has("gang") ? (int) json.integer("gang", 1, WorkloadSpec.MOST_MEMBERS) : 1,
                                json.has("least") ? (int) json.integer("least", 1, json.integer("gang")) : 1)
                        .services(services(json))
                        .files(files(json))
                        .placement(placement(json))
                        .alternatives(alternatives)
                        .minimumRunMillis(
                                json.has("minimumRunMillis")
                                        ? json.integer("minimumRunMillis", 0, WorkloadSpec.MOST_MINIMUM_RUN_MILLIS)
                                        : 0)
                        .build();
    }

    static void image(JsonWriter json, String name, @Nullable ImageReference image) {
        if (image != null) {
            json.object(name)
                    .member("directory", image.directory())
                    .member("sequence", image.sequence())
                    .member("bytes", image.bytes())
                    .member("output", image.output());
            if (image.hasDevices()) {
                json.member("devices", true);
            }
            json.end();
        }
    }

    static @Nullable ImageReference image(JsonObject json, String name) throws JsonException {
        if (!json.has(name)) {
            return null;
        }
        JsonObject image = json.object(name);
        String directory = image.string("directory");
        return new ImageReference(
                // Earlier versions wrote the whole path.
                directory.substring(directory.lastIndexOf('/') + 1),
                image.integer("sequence", 0, MOST),
                image.integer("bytes", 0, MOST),
                image.integer("output", 0, MOST),
                image.has("devices") && image.flag("devices"));
    }

    /** Writes what is known of an image as a member of the open object. */
    static void prospects(JsonWriter json, Map<String, Prospect> prospects) {
        json.list("prospects");
        new TreeMap<>(prospects)
                .forEach((equipment, prospect) -> json.element()
                        .member("equipment", equipment)
                        .member("possible", prospect.possible())
                        .member("lostMillis", prospect.lostMillis())
                        .member("reason", prospect.reason())
                        .end());
        json.endList();
    }

    static Map<String, Prospect> prospects(JsonObject json) throws JsonException {
        Map<String, Prospect> prospects = new TreeMap<>();
        for (JsonObject each : json.objects("prospects")) {
            prospects.put(
                    each.string("equipment"),
                    new Prospect(each.flag("possible"), each.integer("lostMillis", 0, MOST), each.string("reason")));
        }
        return prospects;
    }

    /** Writes what a node's accelerators are, where it says so, as a member of the open object. */
    static void equipment(JsonWriter json, String equipment) {
        if (!equipment.isEmpty()) {
            json.member("equipment", equipment);
        }
    }

    static String equipment(JsonObject json) throws JsonException {
        return json.optionalString("equipment").orElse("");
    }

    /* ---- Between nodes and control ---- */

    /** Writes the members of what a node says into the open object. */
    public static void reports(JsonWriter json, List<Report> reports) {
        json.list("reports");
        for (Report report : reports) {
            json.element()
                    .member("workload", report.workload())
                    .member("epoch", report.epoch())
                    .member("phase", text(report.phase()))
                    .member("exitCode", report.exitCode())
                    .member("output", report.output())
                    .member("refusedAttempt", report.refusedAttempt())
                    .member("problem", report.problem())
                    .member("warning", report.warning());
            image(json, "image", report.image());
            json.end();
        }
        json.endList();
    }

    public static List<Report> reports(JsonObject json) throws JsonException {
        List<Report> reports = new ArrayList<>();
        for (JsonObject report : json.objects("reports")) {
            reports.add(new Report(
                    report.string("workload"),
                    report.integer("epoch", 0, MOST),
                    constant(Phase.class, report.string("phase")),
                    image(report, "image"),
                    (int) report.integer("exitCode", Integer.MIN_VALUE, Integer.MAX_VALUE),
                    report.integer("output", 0, MOST),
                    report.integer("refusedAttempt", 0, MOST),
                    report.optionalString("problem").orElse(null),
                    report.optionalString("warning").orElse(null)));
        }
        return reports;
    }

    /** Writes orders into the open object. */
    public static void orders(JsonWriter json, List<Order> orders) {
        json.list("orders");
        for (Order order : orders) {
            json.element()
                    .member("workload", order.workload())
                    .member("epoch", order.epoch())
                    .member("goal", text(order.goal()))
                    .member("attempt", order.attempt());
            numbers(json, "devices", order.devices());
            json.member("choice", order.choice()).member("company", order.company());
            image(json, "image", order.image());
            json.member("kept", order.kept()).object("spec");
            spec(json, order.spec());
            json.end().end();
        }
        json.endList();
    }

    public static List<Order> orders(JsonObject json) throws JsonException {
        List<Order> orders = new ArrayList<>();
        for (JsonObject order : json.objects("orders")) {
            WorkloadSpec spec = spec(order.object("spec"));
            orders.add(new Order(
                    order.string("workload"),
                    order.integer("epoch", 0, MOST),
                    constant(Goal.class, order.string("goal")),
                    order.integer("attempt", 0, MOST),
                    numbers(order, "devices"),
                    choice(order, spec),
                    order.string("company"),
                    image(order, "image"),
                    order.strings("kept"),
                    spec));
        }
        return orders;
    }

    /* ---- Commands ---- */

    /** Writes the members of a command into the open object. */
    public static void command(JsonWriter json, Command command) {
        json.member("command", command.getClass().getSimpleName());
        if (command instanceof Command.Submit submit) {
            json.member("key", submit.key()).object("spec");
            spec(json, submit.spec());
            json.end();
        } else if (command instanceof Command.Suspend suspend) {
            json.member("workload", suspend.workload());
        } else if (command instanceof Command.Resume resume) {
            json.member("workload", resume.workload());
        } else if (command instanceof Command.Migrate migrate) {
            json.member("workload", migrate.workload()).member("node", migrate.node());
        } else if (command instanceof Command.Exchange exchange) {
            json.member("workload", exchange.workload()).member("with", exchange.with());
        } else if (command instanceof Command.Cancel cancel) {
            json.member("workload", cancel.workload());
        } else if (command instanceof Command.Join join) {
            json.member("node", join.node()).member("incarnation", join.incarnation());
            resources(json, "capacity", join.capacity());
            deviceKinds(json, join.devices());
            location(json, join.location());
            equipment(json, join.equipment());
        } else if (command instanceof Command.Foresee foresee) {
            json.member("workload", foresee.workload()).member("image", foresee.image());
            prospects(json, foresee.prospects());
        } else if (command instanceof Command.Observe observe) {
            json.member("node", observe.node()).member("incarnation", observe.incarnation());
            reports(json, observe.reports());
        } else if (command instanceof Command.Diagnose diagnose) {
            json.member("node", diagnose.node()).member("incarnation", diagnose.incarnation());
            findings(json, diagnose.findings());
        } else if (command instanceof Command.Lose lose) {
            json.member("node", lose.node()).member("incarnation", lose.incarnation());
        } else if (command instanceof Command.Leave leave) {
            json.member("node", leave.node()).member("incarnation", leave.incarnation());
        } else if (command instanceof Command.Return back) {
            json.member("node", back.node()).member("incarnation", back.incarnation());
        } else if (command instanceof Command.Cordon cordon) {
            json.member("node", cordon.node()).member("cordoned", cordon.cordoned());
        } else if (command instanceof Command.Drain drain) {
            json.member("node", drain.node());
        } else if (command instanceof Command.Reserve reserve) {
            json.member("tenant", reserve.tenant());
            resources(json, "reservation", reserve.reservation());
        } else if (command instanceof Command.Limit limit) {
            json.member("tenant", limit.tenant());
            limits(json, limit.limits());
        } else if (command instanceof Command.Close close) {
            json.member("closed", close.closed());
        }
    }

    public static Command command(JsonObject json) throws JsonException {
        return switch (json.string("command")) {
            case "Submit" -> new Command.Submit(json.string("key"), spec(json.object("spec")));
            case "Suspend" -> new Command.Suspend(json.string("workload"));
            case "Resume" -> new Command.Resume(json.string("workload"));
            case "Migrate" ->
                new Command.Migrate(
                        json.string("workload"), json.optionalString("node").orElse(null));
            case "Exchange" -> new Command.Exchange(json.string("workload"), json.string("with"));
            case "Cancel" -> new Command.Cancel(json.string("workload"));
            case "Join" -> join(json);
            case "Observe" -> observe(json);
            case "Foresee" -> new Command.Foresee(json.string("workload"), json.string("image"), prospects(json));
            case "Diagnose" -> new Command.Diagnose(json.string("node"), json.string("incarnation"), findings(json));
            case "Lose" -> new Command.Lose(json.string("node"), json.string("incarnation"));
            case "Return" -> new Command.Return(json.string("node"), json.string("incarnation"));
            case "Leave" -> new Command.Leave(json.string("node"), json.string("incarnation"));
            case "Cordon" -> new Command.Cordon(json.string("node"), json.flag("cordoned"));
            case "Drain" -> new Command.Drain(json.string("node"));
            case "Reserve" -> new Command.Reserve(json.string("tenant"), reservation(json));
            case "Limit" -> new Command.Limit(json.string("tenant"), limits(json));
            case "Close" -> new Command.Close(json.flag("closed"));
            case "Tick" -> new Command.Tick();
            default -> throw new JsonException("there is no command '" + json.string("command") + "'");
        };
    }

    /** The member that says what a tenant is to have reserved. */
    public static Resources reservation(JsonObject json) throws JsonException {
        return resources(json.object("reservation"));
    }

    /** Writes what a tenant may have as a member of the open object. What is not limited is left out. */
    public static void limits(JsonWriter json, TenantLimits limits) {
        json.object("limits");
        bound(json, "borrowing", limits.borrowing());
        bound(json, "lending", limits.lending());
        Budget budget = limits.budget();
        if (budget != null) {
            json.object("budget");
            bound(json, MILLI_CORE_HOURS, budget.milliCoreHours());
            bound(json, MILLI_DEVICE_HOURS, budget.milliDeviceHours());
            json.member("windowMillis", budget.windowMillis()).end();
        }
        json.end();
    }

    private static void bound(JsonWriter json, String name, Resources amount) {
        json.object(name);
        bound(json, MILLI_CORES, amount.milliCores());
        bound(json, MEMORY_MIB, amount.memoryMiB());
        bound(json, MILLI_DEVICES, amount.milliDevices());
        json.end();
    }

    private static void bound(JsonWriter json, String name, long amount) {
        if (amount < TenantLimits.ANY) {
            json.member(name, amount);
        }
    }

    /** The member that says what a tenant may have; where there is none, without limits. */
    public static TenantLimits limits(JsonObject json) throws JsonException {
        if (!json.has("limits")) {
            return TenantLimits.NONE;
        }
        JsonObject limits = json.object("limits");
        return new TenantLimits(bound(limits, "borrowing"), bound(limits, "lending"), budget(limits));
    }

    private static @Nullable Budget budget(JsonObject limits) throws JsonException {
        if (!limits.has("budget")) {
            return null;
        }
        JsonObject budget = limits.object("budget");
        return new Budget(
                most(budget, MILLI_CORE_HOURS),
                most(budget, MILLI_DEVICE_HOURS),
                budget.has("windowMillis") ? budget.integer("windowMillis", 0, TenantLimits.ANY) : 0);
    }

    private static Resources bound(JsonObject json, String name) throws JsonException {
        if (!json.has(name)) {
            return TenantLimits.NONE.borrowing();
        }
        JsonObject bound = json.object(name);
        return new Resources(most(bound, MILLI_CORES), most(bound, MEMORY_MIB), most(bound, MILLI_DEVICES));
    }

    private static long most(JsonObject json, String name) throws JsonException {
        return json.has(name) ? json.integer(name, 0, TenantLimits.ANY - 1) : TenantLimits.ANY;
    }

    /** The command by which the sender of a beat joins. */
    public static Command.Join join(JsonObject json) throws JsonException {
        return new Command.Join(
                json.string("node"),
                json.string("incarnation"),
                resources(json.object("capacity")),
                deviceKinds(json),
                location(json),
                equipment(json));
    }

    /** The command by which the sender of a beat says how its workloads are. */
    public static Command.Observe observe(JsonObject json) throws JsonException {
        return new Command.Observe(json.string("node"), json.string("incarnation"), reports(json));
    }

    /**
     * A beat: all that a node says at once.
     *
     * @param description of its accelerators; null where the pool knows it
     * @param images those that others can fetch there
     * @param self what it says of itself
     */
    public static String beat(
            Command.Join join,
            List<Report> reports,
            List<Listening> listening,
            @Nullable String description,
            ImageOffer images,
            SelfReport self) {
        JsonWriter json = JsonWriter.compact();
        json.member("node", join.node())
                .member("incarnation", join.incarnation())
                .member(GOES_ON_AS_TOLD, true);
        resources(json, "capacity", join.capacity());
        deviceKinds(json, join.devices());
        location(json, join.location());
        equipment(json, join.equipment());
        json.member("equipmentDescription", description);
        images.write(json);
        findings(json, self.findings());
        if (self.workNanos() > 0) {
            json.member("workNanos", self.workNanos());
        }
        reports(json, reports);
        json.list("listening");
        for (Listening each : listening) {
            json.element().member("workload", each.workload()).member("epoch", each.epoch());
            numbers(json, "ports", each.ports());
            json.end();
        }
        return json.endList().finish();
    }

    /** Whether the sender of a beat lets no program go on that its orders do not name, as nodes of earlier versions did for an instant. */
    public static boolean goesOnAsTold(JsonObject json) throws JsonException {
        return json.has(GOES_ON_AS_TOLD) && json.flag(GOES_ON_AS_TOLD);
    }

    /** What the sender of a beat says of itself. That it is heard late is for the pool alone to find. */
    public static SelfReport selfReport(JsonObject json) throws JsonException {
        Map<Probe, String> findings = new EnumMap<>(Probe.class);
        findings.putAll(findings(json));
        findings.remove(Probe.HEARTBEAT);
        return new SelfReport(findings, json.has("workNanos") ? json.integer("workNanos", 1, MOST) : 0);
    }

    /** How the sender of a beat describes its accelerators; null if it does not. */
    public static @Nullable String equipmentDescription(JsonObject json) throws JsonException {
        return json.optionalString("equipmentDescription").orElse(null);
    }

    /** What the programs of the sender of a beat listen at. */
    public static List<Listening> listening(JsonObject json) throws JsonException {
        List<Listening> listening = new ArrayList<>();
        // Earlier versions did not say it.
        for (JsonObject each : json.has("listening") ? json.objects("listening") : List.<JsonObject>of()) {
            listening.add(
                    new Listening(each.string("workload"), each.integer("epoch", 0, MOST), numbers(each, "ports")));
        }
        return listening;
    }

    /* ---- Policy ---- */

    public static void policy(JsonWriter json, Policy policy) {
        json.member("patienceMillis", policy.patienceMillis())
                .member("minimumRunMillis", policy.minimumRunMillis())
                .member("retryMillis", policy.retryMillis())
                .member("mostFailures", policy.mostFailures())
                .member("steadyMillis", policy.steadyMillis())
                .member("runPerMove", policy.runPerMove())
                .member("runPerTurn", policy.runPerTurn())
                .member("turnMillis", policy.turnMillis())
                .member("usageHalfLifeMillis", policy.usageHalfLifeMillis())
                .member("serviceHalfLifeMillis", policy.serviceHalfLifeMillis())
                .member("mostEnded", policy.mostEnded())
                .member("turnPermille", policy.turnPermille())
                .member("leastServedFirst", policy.leastServedFirst())
                .member("placement", text(policy.placement()));
    }

    public static Policy policy(JsonObject json) throws JsonException {
        return new Policy(
                json.integer("patienceMillis", 0, MOST),
                json.integer("minimumRunMillis", 0, MOST),
                json.integer("retryMillis", 0, MOST),
                json.count("mostFailures"),
                json.has("steadyMillis") ? json.integer("steadyMillis", 0, MOST) : Policy.USUAL.steadyMillis(),
                json.count("runPerMove"),
                json.has("runPerTurn") ? json.count("runPerTurn") : Policy.USUAL.runPerTurn(),
                json.has("turnMillis") ? json.integer("turnMillis", 0, MOST) : Policy.USUAL.turnMillis(),
                json.integer("usageHalfLifeMillis", 1, MOST),
                json.integer("serviceHalfLifeMillis", 1, MOST),
                json.count("mostEnded"),
                json.count("turnPermille"),
                json.has("leastServedFirst") && json.flag("leastServedFirst"),
                // What earlier versions did.
                json.has("placement") ? constant(Placement.class, json.string("placement")) : Placement.BEST_FIT);
    }

    /* ---- What users see ---- */

    /**
     * Writes the members of a workload into the open object.
     *
     * @param whole whether with its history
     */
    public static void workload(JsonWriter json, WorkloadView view, boolean whole) {
        json.member("id", view.id())
                .member("standing", text(view.standing()))
                .member("state", text(view.state()))
                .member("epoch", view.epoch())
                .member("node", view.node())
                .member("claim", view.claim())
                .member("exitCode", view.exitCode())
                .member("submittedMillis", view.submittedMillis())
                .member("refusedAttempts", view.refusedAttempts())
                .member("problem", view.problem())
                .member("served", view.served())
                .member("due", view.due());
        numbers(json, "devices", view.devices());
        json.member("choice", view.choice());
        Alternative alternative = view.alternative();
        if (alternative != null && view.spec().namesAccelerators()) {
            json.member("accelerators", alternative.text());
        }
        image(json, "image", view.image());
        parts(json, "output", view.output());
        parts(json, "base", view.base());
        json.list("history");
        for (Event event : whole ? view.history() : List.<Event>of()) {
            json.element()
                    .member("atMillis", event.atMillis())
                    .member("state", text(event.state()))
                    .member("epoch", event.epoch())
                    .member("node", event.node())
                    .member("reason", event.reason())
                    .end();
        }
        json.endList().object("spec");
        spec(json, view.spec());
        json.end();
    }

    public static WorkloadView workload(JsonObject json) throws JsonException {
        List<Event> history = new ArrayList<>();
        for (JsonObject event : json.objects("history")) {
            history.add(new Event(
                    event.integer("atMillis"),
                    constant(WorkloadState.class, event.string("state")),
                    event.integer("epoch"),
                    event.optionalString("node").orElse(null),
                    event.string("reason")));
        }
        WorkloadSpec spec = spec(json.object("spec"));
        return new WorkloadView(
                json.string("id"),
                spec,
                constant(Tier.class, json.string("standing")),
                constant(WorkloadState.class, json.string("state")),
                json.integer("epoch"),
                json.optionalString("node").orElse(null),
                numbers(json, "devices"),
                choice(json, spec),
                json.optionalString("claim").orElse(null),
                image(json, "image"),
                parts(json, "output"),
                parts(json, "base"),
                (int) json.integer("exitCode"),
                json.integer("submittedMillis"),
                json.integer("refusedAttempts"),
                json.optionalString("problem").orElse(null),
                json.count("served"),
                json.count("due"),
                history);
    }

    static void numbers(JsonWriter json, String name, List<Integer> numbers) {
        json.member(name, numbers.stream().map(Object::toString).toList());
    }

    static List<Integer> numbers(JsonObject json, String name) throws JsonException {
        List<Integer> numbers = new ArrayList<>();
        for (String text : json.has(name) ? json.strings(name) : List.<String>of()) {
            try {
                numbers.add(Integer.parseInt(text));
            } catch (NumberFormatException malformed) {
                throw new JsonException("member '" + name + "' is not a list of numbers", malformed);
            }
        }
        return numbers;
    }

    static void parts(JsonWriter json, String name, List<OutputPart> parts) {
        json.list(name);
        for (OutputPart part : parts) {
            json.element()
                    .member("epoch", part.epoch())
                    .member("length", part.length())
                    .end();
        }
        json.endList();
    }

    static List<OutputPart> parts(JsonObject json, String name) throws JsonException {
        List<OutputPart> parts = new ArrayList<>();
        for (JsonObject part : json.objects(name)) {
            parts.add(new OutputPart(part.integer("epoch"), part.integer("length")));
        }
        return parts;
    }

    /** Writes the members of an event into the open object. */
    public static void event(JsonWriter json, PoolEvent event) {
        WorkloadState state = event.state();
        json.member("sequence", event.sequence())
                .member("atMillis", event.atMillis())
                .member("workload", event.workload())
                .member("tenant", event.tenant())
                .member("state", state == null ? null : text(state))
                .member("node", event.node())
                .member("reason", event.reason());
        if (state != null) {
            json.member("epoch", event.epoch());
        }
    }

    public static PoolEvent event(JsonObject json) throws JsonException {
        return new PoolEvent(
                json.integer("sequence", 1, MOST),
                json.integer("atMillis"),
                json.optionalString("workload").orElse(null),
                json.optionalString("tenant").orElse(null),
                json.has("state") ? constant(WorkloadState.class, json.string("state")) : null,
                json.has("epoch") ? json.integer("epoch", 0, MOST) : 0,
                json.optionalString("node").orElse(null),
                json.string("reason"));
    }

    /** Writes the members of what is used into the open object. */
    public static void usage(JsonWriter json, Usage usage) {
        json.member("atMillis", usage.atMillis());
        resources(json, "capacity", usage.capacity());
        resources(json, "reserved", usage.reserved());
        resources(json, "usedOfReservations", usage.usedOfReservations());
        json.object("used");
        for (Tier tier : Tier.values()) {
            resources(json, text(tier), usage.used().getOrDefault(tier, Resources.NONE));
        }
        json.end().member("running", usage.running()).member("queued", usage.queued());
    }

    public static Usage usage(JsonObject json) throws JsonException {
        JsonObject used = json.object("used");
        Map<Tier, Resources> byTier = new EnumMap<>(Tier.class);
        for (Tier tier : Tier.values()) {
            byTier.put(tier, resources(used.object(text(tier))));
        }
        return new Usage(
                json.integer("atMillis"),
                resources(json.object("capacity")),
                resources(json.object("reserved")),
                resources(json.object("usedOfReservations")),
                byTier,
                json.count("running"),
                json.count("queued"));
    }

    /** Writes the members of a tier into the open object. */
    public static void tier(JsonWriter json, TierView tier) {
        json.member("name", text(tier.tier()))
                .member("running", tier.running())
                .member("queued", tier.queued())
                .member("held", tier.held())
                .member("served", tier.served())
                .member("due", tier.due())
                .member("lacking", tier.lacking());
        resources(json, "used", tier.used());
    }

    public static TierView tier(JsonObject json) throws JsonException {
        return new TierView(
                constant(Tier.class, json.string("name")),
                json.count("running"),
                json.count("queued"),
                json.count("held"),
                resources(json.object("used")),
                json.count("served"),
                json.count("due"),
                json.count("lacking"));
    }

    /** Writes the members of a tenant into the open object. */
    public static void tenant(JsonWriter json, TenantView tenant) {
        json.member("name", tenant.name());
        resources(json, "reserved", tenant.reserved());
        resources(json, "used", tenant.used());
        resources(json, "usedOfReservation", tenant.usedOfReservation());
        if (!tenant.limits().equals(TenantLimits.NONE)) {
            limits(json, tenant.limits());
        }
        BudgetUse use = tenant.budgetUse();
        if (use != null) {
            json.object("budgetUse")
                    .member(MILLI_CORE_HOURS, use.milliCoreHours())
                    .member(MILLI_DEVICE_HOURS, use.milliDeviceHours())
                    .member("until", use.until())
                    .end();
        }
    }

    private static @Nullable BudgetUse budgetUse(JsonObject tenant) throws JsonException {
        if (!tenant.has("budgetUse")) {
            return null;
        }
        JsonObject use = tenant.object("budgetUse");
        return new BudgetUse(
                use.integer(MILLI_CORE_HOURS, 0, MOST),
                use.integer(MILLI_DEVICE_HOURS, 0, MOST),
                use.integer("until", 0, MOST));
    }

    public static TenantView tenant(JsonObject json) throws JsonException {
        return new TenantView(
                json.string("name"),
                resources(json.object("reserved")),
                resources(json.object("used")),
                resources(json.object("usedOfReservation")),
                limits(json),
                budgetUse(json));
    }

    /** Writes the members of a node into the open object. */
    public static void node(JsonWriter json, NodeView node) {
        json.member("name", node.name())
                .member("incarnation", node.incarnation())
                .member("alive", node.alive())
                .member("cordoned", node.cordoned())
                .member("workloads", node.workloads())
                .member("quarantinedUntil", node.quarantinedUntil())
                .member("health", text(node.health()))
                .member("healthUntil", node.healthUntil());
        findings(json, node.findings());
        resources(json, "capacity", node.capacity());
        deviceKinds(json, node.devices());
        location(json, node.location());
        resources(json, "used", node.used());
    }

    public static NodeView node(JsonObject json) throws JsonException {
        return new NodeView(
                json.string("name"),
                json.string("incarnation"),
                json.flag("alive"),
                json.flag("cordoned"),
                resources(json.object("capacity")),
                deviceKinds(json),
                location(json),
                resources(json.object("used")),
                json.count("workloads"),
                constant(HealthState.class, json.string("health")),
                json.integer("healthUntil", 0, MOST),
                findings(json));
    }
}
