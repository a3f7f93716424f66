package dev.ingot.scheduler.control;

import dev.ingot.core.json.JsonException;
import dev.ingot.core.json.JsonObject;
import dev.ingot.core.json.JsonWriter;
import dev.ingot.scheduler.access.Identity;
import dev.ingot.scheduler.forward.EntranceState;
import dev.ingot.scheduler.pool.PoolEvent;
import dev.ingot.scheduler.pool.ShippedFile;
import dev.ingot.scheduler.pool.WorkloadView;
import dev.ingot.scheduler.spec.SpecException;
import dev.ingot.scheduler.spec.WorkloadDocument;
import dev.ingot.scheduler.wire.PoolJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** The pool's operations as HTTP with JSON; {@code openapi.json} describes the requests. Thread-safe. */
final class Api {
    private static final Set<String> NONE = Set.of();
    private static final String AFTER = "after";
    private static final String FROM = "from";

    private final Operations operations;
    private final List<Route> routes = new ArrayList<>();

    /** @param nodes what nodes ask for */
    Api(Operations operations, NodeApi nodes) {
        this.operations = operations;
        addOpenRoutes();
        addRoutes();
        addActions();
        routes.addAll(nodes.routes());
    }

    private void addOpenRoutes() {
        add(Operation.HEALTH, NONE, call -> done(Reply.ok(JsonWriter.compact().member("status", "ok"))));
        add(Operation.OPENAPI, NONE, call -> done(Resource.OPENAPI.reply()));
        add(
                Operation.SCHEMA,
                NONE,
                call -> done(Reply.text(Reply.OK, "application/schema+json", WorkloadDocument.schema())));
        add(Operation.DASHBOARD, NONE, call -> done(Resource.PAGE.reply()));
        add(Operation.DASHBOARD_SCRIPT, NONE, call -> done(Resource.SCRIPT.reply()));
        add(Operation.DASHBOARD_STYLE, NONE, call -> done(Resource.STYLE.reply()));
    }

    private void addRoutes() {
        add(Operation.WHO_AM_I, NONE, call -> done(whoAmI(call.who())));
        add(Operation.WORKLOADS, Set.of(AFTER, "limit", "active", "tenant"), this::workloads);
        add(
                Operation.WORKLOAD,
                NONE,
                call -> operations.workload(call.who(), call.variable("id")).thenApply(Api::workload));
        add(Operation.OUTPUT, Set.of(FROM, "limit", "live"), this::output);
        add(Operation.NODES, NONE, call -> operations.nodes().thenApply(all -> list("nodes", all, PoolJson::node)));
        add(
                Operation.TENANTS,
                NONE,
                call -> operations.tenants(call.who()).thenApply(all -> list("tenants", all, PoolJson::tenant)));
        add(Operation.TIERS, NONE, call -> operations.tiers().thenApply(all -> list("tiers", all, PoolJson::tier)));
        add(
                Operation.USAGE,
                Set.of("since"),
                call -> operations
                        .usage(call.number("since", 0, Long.MAX_VALUE))
                        .thenApply(all -> list("samples", all, PoolJson::usage)));
        // Answered by the handler, which alone can go on writing.
        add(Operation.EVENTS, Set.of(AFTER, "follow"), call -> done(Reply.error(Reply.INTERNAL_ERROR, "")));
        add(
                Operation.METRICS,
                NONE,
                call -> operations
                        .metrics(call.who())
                        .thenApply(text -> Reply.text(Reply.OK, "text/plain; version=0.0.4; charset=utf-8", text)));
        add(Operation.PLAN, NONE, this::plan);
    }

    private void addActions() {
        add(
                Operation.SUBMIT,
                NONE,
                call -> operations.submit(call.who(), call.body(), call.key()).thenApply(Api::id));
        add(Operation.PUT_FILE, Set.of(FROM, "size"), this::putFile);
        addAction(Operation.SUSPEND, call -> operations.suspend(call.who(), call.variable("id")));
        addAction(Operation.RESUME, call -> operations.resume(call.who(), call.variable("id")));
        addAction(Operation.CANCEL, call -> operations.cancel(call.who(), call.variable("id")));
        addAction(
                Operation.MIGRATE,
                call -> operations.migrate(
                        call.who(),
                        call.variable("id"),
                        call.json().optionalString("node").orElse(null)));
        addAction(Operation.CORDON, call -> operations.cordon(call.variable("name"), true));
        addAction(Operation.UNCORDON, call -> operations.cordon(call.variable("name"), false));
        addAction(Operation.DRAIN, call -> operations.drain(call.variable("name")));
        addAction(
                Operation.RESERVE,
                call -> operations.reserve(call.variable("tenant"), PoolJson.reservation(call.json())));
        addAction(Operation.LIMIT, call -> operations.limit(call.variable("tenant"), PoolJson.limits(call.json())));
    }

    private void add(Operation operation, Set<String> parameters, Route.Handler handler) {
        routes.add(new Route(operation, parameters, handler));
    }

    private interface Action {
        CompletableFuture<String> of(Call call) throws JsonException;
    }

    /** What comes with the request must be JSON, whether anything of it is looked at or not. */
    private void addAction(Operation operation, Action action) {
        add(operation, NONE, call -> {
            call.json();
            return action.of(call).thenApply(Api::id);
        });
    }

    List<Route> routes() {
        return List.copyOf(routes);
    }

    /** A route, and what its template's variables stand for in a path. */
    record Match(Route route, Map<String, String> variables) {}

    /**
     * Finds what a request asks for.
     *
     * @throws Refusal if there is no such thing
     */
    Match find(String method, String path) {
        boolean known = false;
        for (Route route : routes) {
            Map<String, String> variables = route.match(path);
            if (variables != null && route.operation().method().equals(method)) {
                return new Match(route, variables);
            }
            known |= variables != null;
        }
        throw known
                ? new Refusal(Reply.METHOD_NOT_ALLOWED, "there is no " + method + " for " + path)
                : new Refusal(Reply.NOT_FOUND, "there is no such request; /v1/openapi.json describes what there is");
    }

    /** Carries out a request. */
    static CompletableFuture<Reply> answer(Route route, Call call) throws JsonException, SpecException {
        for (String parameter : call.query().keySet()) {
            if (!route.parameters().contains(parameter)) {
                throw new Refusal(
                        Reply.BAD_REQUEST,
                        "there is no parameter '" + parameter + "' here; there are "
                                + new java.util.TreeSet<>(route.parameters()));
            }
        }
        return route.handler().answer(call);
    }

    private static CompletableFuture<Reply> done(Reply reply) {
        return CompletableFuture.completedFuture(reply);
    }

    static Reply id(String id) {
        return Reply.ok(JsonWriter.compact().member("id", id));
    }

    private interface Members<T> {
        void write(JsonWriter json, T value);
    }

    private static <T> Reply list(String name, List<T> all, Members<T> members) {
        JsonWriter json = JsonWriter.compact().list(name);
        for (T each : all) {
            members.write(json.element(), each);
            json.end();
        }
        return Reply.ok(json.endList());
    }

    private static Reply whoAmI(Identity who) {
        return Reply.ok(JsonWriter.compact()
                .member("name", who.name())
                .member("role", PoolJson.text(who.role()))
                .member("tenant", who.tenant()));
    }

    private CompletableFuture<Reply> workloads(Call call) {
        int limit = (int) Math.max(1, call.number("limit", Operations.USUAL_PAGE, Operations.MOST_PAGE));
        long after = call.number(AFTER, 0, Long.MAX_VALUE);
        return operations
                .workloads(call.who(), after, limit, call.query().get("tenant"), call.flag("active"))
                .thenApply(Api::workloads);
    }

    private static Reply workloads(Operations.Workloads workloads) {
        JsonWriter json =
                JsonWriter.compact().member("closed", workloads.closed()).list("workloads");
        for (WorkloadView workload : workloads.page().workloads()) {
            PoolJson.workload(json.element(), workload, false);
            json.end();
        }
        json.endList();
        long next = workloads.page().next();
        return Reply.ok(next == 0 ? json : json.member("next", next));
    }

    private static Reply workload(Operations.WorkloadDetails details) {
        JsonWriter json = JsonWriter.compact();
        PoolJson.workload(json, details.view(), true);
        json.list("entrances");
        for (EntranceState state : details.entrances()) {
            json.element()
                    .member("name", state.port().name())
                    .member("address", state.port().address())
                    .member("problem", state.problem())
                    .member("connections", state.connections())
                    .member("held", state.held())
                    .end();
        }
        return Reply.ok(json.endList().member("why", details.why()));
    }

    private CompletableFuture<Reply> output(Call call) {
        int limit = (int) call.number("limit", Operations.MOST_OUTPUT_BYTES, Operations.MOST_OUTPUT_BYTES);
        return operations
                .output(call.who(), call.variable("id"), call.number(FROM, 0, Long.MAX_VALUE), limit, call.flag("live"))
                .thenApply(output -> new Reply(
                        Reply.OK,
                        Reply.BYTES,
                        output.bytes(),
                        Map.of("Ingot-Complete", Boolean.toString(output.isComplete()))));
    }

    private CompletableFuture<Reply> plan(Call call) throws JsonException, SpecException {
        JsonObject json = call.json();
        CompletableFuture<Operations.Plan> plan;
        if (json.has("submit")) {
            // The document again, as text.
            plan = operations.planSubmission(call.who(), json.string("submit"));
        } else if (json.has("drain")) {
            plan = operations.planDrain(call.who(), json.string("drain"));
        } else {
            plan = operations.planLoss(call.who(), json.string("lose"));
        }
        return plan.thenApply(Api::plan);
    }

    private static Reply plan(Operations.Plan plan) {
        JsonWriter json = JsonWriter.compact().member("id", plan.id()).list("events");
        for (PoolEvent event : plan.events()) {
            PoolJson.event(json.element(), event);
            json.end();
        }
        return Reply.ok(json.endList().member("why", plan.why()));
    }

    private CompletableFuture<Reply> putFile(Call call) {
        long size = call.number("size", 0, ShippedFile.MOST_BYTES);
        long from = call.number(FROM, 0, size);
        return operations
                .putFile(
                        call.who(),
                        call.variable("tenant"),
                        call.variable("sha256"),
                        size,
                        from,
                        call.content().bytes())
                .thenApply(length -> Reply.ok(JsonWriter.compact().member("length", length)));
    }
}
