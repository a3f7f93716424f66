package dev.ingot.scheduler.control;

import dev.ingot.core.image.ImageName;
import dev.ingot.core.json.JsonException;
import dev.ingot.core.json.JsonObject;
import dev.ingot.core.json.JsonWriter;
import dev.ingot.scheduler.access.Identity;
import dev.ingot.scheduler.access.Role;
import dev.ingot.scheduler.forward.EntranceState;
import dev.ingot.scheduler.pool.Answer;
import dev.ingot.scheduler.pool.Command;
import dev.ingot.scheduler.pool.NodeView;
import dev.ingot.scheduler.pool.OutputPart;
import dev.ingot.scheduler.pool.Pool;
import dev.ingot.scheduler.pool.PoolEvent;
import dev.ingot.scheduler.pool.ShippedFile;
import dev.ingot.scheduler.pool.TenantView;
import dev.ingot.scheduler.pool.TierView;
import dev.ingot.scheduler.pool.Usage;
import dev.ingot.scheduler.pool.WorkloadPage;
import dev.ingot.scheduler.pool.WorkloadSpec;
import dev.ingot.scheduler.pool.WorkloadView;
import dev.ingot.scheduler.spec.SpecException;
import dev.ingot.scheduler.spec.WorkloadDocument;
import dev.ingot.scheduler.spec.WorkloadDraft;
import dev.ingot.scheduler.telemetry.Telemetry;
import dev.ingot.scheduler.wire.ContentHash;
import dev.ingot.scheduler.wire.FilesPlace;
import dev.ingot.scheduler.wire.PoolDirectory;
import dev.ingot.scheduler.wire.PoolJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The requests there are, and what each does; {@code openapi.json} describes them. Whoever belongs to a tenant is answered as if there
 * were no others. Thread-safe.
 */
final class Api {
    /** Of the stream of events, which is no single answer. */
    static final String EVENTS = "/v1/events";

    private static final String GET = "GET";
    private static final String POST = "POST";
    private static final Set<String> NONE = Set.of();
    private static final int USUAL_PAGE = 100;
    private static final int MOST_PAGE = 1000;
    private static final int MOST_OUTPUT_BYTES = 1 << 20;
    private static final int MOST_KEY = 200;

    private final ControlPlane plane;
    private final Telemetry telemetry;
    private final OutputFiles output;
    private final Offload slow;
    private final ServiceDesk services;
    private final FileStore files;
    private final Offload transfers;
    private final List<Route> routes = new ArrayList<>();

    /**
     * @param slow carries out what reads files
     * @param transfers carries out what nodes bring and fetch, so that they hold up nobody else
     */
    Api(
            ControlPlane plane,
            PoolDirectory directory,
            Executor slow,
            Executor transfers,
            Telemetry telemetry,
            ServiceDesk services,
            FileStore files) {
        this.plane = plane;
        this.files = files;
        this.transfers = new Offload(transfers);
        this.services = services;
        this.telemetry = telemetry;
        this.output = new OutputFiles(directory);
        this.slow = new Offload(slow);
        addOpenRoutes();
        addRoutes();
        addActions();
        routes.addAll(new NodeApi(plane, directory, this.transfers, services, files).routes());
    }

    private void addOpenRoutes() {
        add(
                GET,
                "/v1/health",
                null,
                NONE,
                call -> done(Reply.ok(JsonWriter.compact().member("status", "ok"))));
        add(GET, "/v1/openapi.json", null, NONE, call -> done(Resource.OPENAPI.reply()));
        add(
                GET,
                "/v1/workload.schema.json",
                null,
                NONE,
                call -> done(Reply.text(Reply.OK, "application/schema+json", WorkloadDocument.schema())));
        add(GET, "/", null, NONE, call -> done(Resource.PAGE.reply()));
        add(GET, "/dashboard.js", null, NONE, call -> done(Resource.SCRIPT.reply()));
        add(GET, "/dashboard.css", null, NONE, call -> done(Resource.STYLE.reply()));
    }

    private void addRoutes() {
        Set<String> page = Set.of("after", "limit", "active", "tenant");
        add(GET, "/v1/whoami", Role.VIEWER, NONE, call -> done(whoAmI(call.who())));
        add(GET, "/v1/workloads", Role.VIEWER, page, this::workloads);
        add(GET, "/v1/workloads/{id}", Role.VIEWER, NONE, this::workload);
        add(GET, "/v1/workloads/{id}/output", Role.VIEWER, Set.of("from", "limit", "live"), this::output);
        add(GET, "/v1/nodes", Role.VIEWER, NONE, call -> plane.look((pool, now) -> nodes(pool)));
        add(GET, "/v1/tenants", Role.VIEWER, NONE, call -> plane.look((pool, now) -> tenants(pool, call.who())));
        add(GET, "/v1/tiers", Role.VIEWER, NONE, call -> plane.look((pool, now) -> tiers(pool)));
        add(GET, "/v1/usage", Role.VIEWER, Set.of("since"), call -> done(usage(call)));
        // Answered by the handler, which alone can go on writing.
        add(GET, EVENTS, Role.VIEWER, Set.of("after", "follow"), call -> done(Reply.error(Reply.INTERNAL_ERROR, "")));
        add(GET, "/metrics", Role.VIEWER, NONE, this::metrics);
        add(POST, "/v1/plan", Role.VIEWER, NONE, this::forecast);
        add(POST, "/v1/workloads", Role.OPERATOR, NONE, this::submit);
        add(POST, "/v1/tenants/{name}/files/{sha256}", Role.OPERATOR, Set.of("from", "size"), this::takeFile);
    }

    private void addActions() {
        addAction("suspend", (id, json) -> new Command.Suspend(id));
        addAction("resume", (id, json) -> new Command.Resume(id));
        addAction("cancel", (id, json) -> new Command.Cancel(id));
        addAction(
                "migrate",
                (id, json) ->
                        new Command.Migrate(id, json.optionalString("node").orElse(null)));
        addNodeAction("cordon", name -> new Command.Cordon(name, true));
        addNodeAction("uncordon", name -> new Command.Cordon(name, false));
        addNodeAction("drain", Command.Drain::new);
        add(
                POST,
                "/v1/tenants/{name}/reserve",
                Role.ADMIN,
                NONE,
                call -> carryOut(new Command.Reserve(
                        ImageName.require(call.variable("name")), PoolJson.reservation(call.json()))));
    }

    private void add(
            String method, String template, @Nullable Role needed, Set<String> parameters, Route.Handler handler) {
        routes.add(new Route(method, template, needed, parameters, handler));
    }

    private interface Action {
        Command of(String id, JsonObject json) throws JsonException;
    }

    private void addAction(String name, Action action) {
        add(POST, "/v1/workloads/{id}/" + name, Role.OPERATOR, NONE, call -> {
            Command command = action.of(call.variable("id"), call.json());
            return ifKnown(call, call.variable("id"), () -> carryOut(command));
        });
    }

    private void addNodeAction(String name, Function<String, Command> action) {
        add(POST, "/v1/nodes/{name}/" + name, Role.ADMIN, NONE, call -> carryOut(action.apply(call.variable("name"))));
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
            if (variables != null && route.method().equals(method)) {
                return new Match(route, variables);
            }
            known |= variables != null;
        }
        throw known
                ? new Refusal(Reply.METHOD_NOT_ALLOWED, "there is no " + method + " for " + path)
                : new Refusal(Reply.NOT_FOUND, "there is no such request; /v1/openapi.json describes what there is");
    }

    /** Carries out a request. Never fails by an exception. */
    CompletableFuture<Reply> answer(Route route, Call call) {
        try {
            for (String parameter : call.query().keySet()) {
                if (!route.parameters().contains(parameter)) {
                    throw new Refusal(
                            Reply.BAD_REQUEST,
                            "there is no parameter '" + parameter + "' here; there are "
                                    + new java.util.TreeSet<>(route.parameters()));
                }
            }
            return route.handler().answer(call).exceptionally(Api::failure);
        } catch (Refusal refusal) {
            return done(refusal.reply());
        } catch (JsonException | SpecException | IllegalArgumentException malformed) {
            return done(Reply.error(Reply.BAD_REQUEST, String.valueOf(malformed.getMessage())));
        }
    }

    private static Reply failure(Throwable failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        return cause instanceof Refusal refusal
                ? refusal.reply()
                : Reply.error(Reply.INTERNAL_ERROR, "the pool failed: " + cause);
    }

    private static CompletableFuture<Reply> done(Reply reply) {
        return CompletableFuture.completedFuture(reply);
    }

    /* ---- Looking ---- */

    private static Reply whoAmI(Identity who) {
        return Reply.ok(JsonWriter.compact()
                .member("name", who.name())
                .member("role", PoolJson.text(who.role()))
                .member("tenant", who.tenant()));
    }

    private CompletableFuture<Reply> workloads(Call call) {
        String wanted = call.query().get("tenant");
        String tenant = call.who().tenant() == null ? wanted : call.who().tenant();
        int limit = (int) Math.max(1, call.number("limit", USUAL_PAGE, MOST_PAGE));
        long after = call.number("after", 0, Long.MAX_VALUE);
        boolean active = call.flag("active");
        return plane.look((pool, now) -> workloads(pool, pool.workloads(after, limit, tenant, active)));
    }

    private static Reply workloads(Pool pool, WorkloadPage page) {
        JsonWriter json = JsonWriter.compact().member("closed", pool.isClosed()).list("workloads");
        for (WorkloadView workload : page.workloads()) {
            PoolJson.workload(json.element(), workload, false);
            json.end();
        }
        json.endList();
        return Reply.ok(page.next() == 0 ? json : json.member("next", page.next()));
    }

    private CompletableFuture<Reply> workload(Call call) {
        return plane.look((pool, now) -> {
            WorkloadView workload = known(pool, call, call.variable("id"));
            JsonWriter json = JsonWriter.compact();
            PoolJson.workload(json, workload, true);
            entrances(json, workload.id());
            return Reply.ok(json.member("why", pool.why(now, workload.id(), call.who()::knows)));
        });
    }

    private void entrances(JsonWriter json, String id) {
        json.list("entrances");
        for (EntranceState state : services.states(id)) {
            json.element()
                    .member("name", state.port().name())
                    .member("address", state.port().address())
                    .member("problem", state.problem())
                    .member("connections", state.connections())
                    .member("held", state.held())
                    .end();
        }
        json.endList();
    }

    /** A workload, where it is known to who asks. */
    private static WorkloadView known(Pool pool, Call call, String id) {
        WorkloadView workload = pool.workload(id);
        if (workload == null || !call.who().knows(workload.spec().tenant())) {
            throw new Refusal(Reply.NOT_FOUND, "there is no workload " + id + "; 'ingot pool ps' lists them");
        }
        return workload;
    }

    private CompletableFuture<Reply> output(Call call) {
        String id = call.variable("id");
        long from = call.number("from", 0, Long.MAX_VALUE);
        int limit = (int) call.number("limit", MOST_OUTPUT_BYTES, MOST_OUTPUT_BYTES);
        boolean live = call.flag("live");
        return slow.then(plane.look((pool, now) -> known(pool, call, id)), view -> {
            List<OutputPart> parts = output.parts(view, live);
            byte[] bytes = output.read(id, parts, from, limit);
            boolean all = view.state().isEnded() && from + bytes.length >= OutputFiles.length(parts);
            return new Reply(Reply.OK, Reply.BYTES, bytes, Map.of("Ingot-Complete", Boolean.toString(all)));
        });
    }

    private static Reply nodes(Pool pool) {
        JsonWriter json = JsonWriter.compact().list("nodes");
        for (NodeView node : pool.nodes()) {
            PoolJson.node(json.element(), node);
            json.end();
        }
        return Reply.ok(json.endList());
    }

    private static Reply tenants(Pool pool, Identity who) {
        JsonWriter json = JsonWriter.compact().list("tenants");
        for (TenantView tenant : pool.tenants()) {
            if (who.knows(tenant.name())) {
                PoolJson.tenant(json.element(), tenant);
                json.end();
            }
        }
        return Reply.ok(json.endList());
    }

    private static Reply tiers(Pool pool) {
        JsonWriter json = JsonWriter.compact().list("tiers");
        for (TierView tier : pool.tiers()) {
            PoolJson.tier(json.element(), tier);
            json.end();
        }
        return Reply.ok(json.endList());
    }

    private Reply usage(Call call) {
        JsonWriter json = JsonWriter.compact().list("samples");
        for (Usage usage : plane.usageSince(call.number("since", 0, Long.MAX_VALUE))) {
            PoolJson.usage(json.element(), usage);
            json.end();
        }
        return Reply.ok(json.endList());
    }

    private CompletableFuture<Reply> metrics(Call call) {
        if (call.who().tenant() != null) {
            throw new Refusal(Reply.FORBIDDEN, "metrics are of all tenants together");
        }
        return plane.look((pool, now) -> {
                    telemetry.look(pool, now);
                    return true;
                })
                .thenApply(looked ->
                        Reply.text(Reply.OK, "text/plain; version=0.0.4; charset=utf-8", telemetry.metrics()));
    }

    Telemetry telemetry() {
        return telemetry;
    }

    /** Whether somebody may hear of an event. */
    static boolean mayHear(Identity who, PoolEvent event) {
        String tenant = event.tenant();
        return tenant == null || who.knows(tenant);
    }

    /* ---- Foreseeing ---- */

    private CompletableFuture<Reply> forecast(Call call) throws JsonException, SpecException {
        JsonObject json = call.json();
        Command command;
        if (json.has("submit")) {
            // The document again, as text.
            WorkloadSpec spec = draft(json.string("submit"), call.who()).complete();
            command = new Command.Submit(UUID.randomUUID().toString(), spec);
        } else if (json.has("drain")) {
            command = new Command.Drain(json.string("drain"));
        } else {
            command = new Command.Lose(json.string("lose"), "");
        }
        if (!(command instanceof Command.Submit) && call.who().tenant() != null) {
            throw new Refusal(Reply.FORBIDDEN, "nodes are the business of those who belong to no tenant");
        }
        return slow.then(
                CompletableFuture.completedFuture(command), wanted -> reply(plane.forecast(wanted), call.who()));
    }

    private static Reply reply(Forecast forecast, Identity who) {
        if (!forecast.answer().accepted()) {
            return Reply.error(Reply.CONFLICT, forecast.answer().text());
        }
        JsonWriter json =
                JsonWriter.compact().member("id", forecast.answer().text()).list("events");
        for (PoolEvent event : forecast.events()) {
            if (mayHear(who, event)) {
                PoolJson.event(json.element(), event);
                json.end();
            }
        }
        return Reply.ok(json.endList().member("why", forecast.why()));
    }

    /* ---- Changing ---- */

    private CompletableFuture<Reply> submit(Call call) throws SpecException {
        WorkloadSpec spec = draft(call.body(), call.who()).complete();
        String key = call.key() == null ? UUID.randomUUID().toString() : call.key();
        if (key.length() > MOST_KEY) {
            throw new Refusal(Reply.BAD_REQUEST, "an idempotency key has " + MOST_KEY + " characters at most");
        }
        // The tenant's own, so that nobody learns of a workload by guessing somebody else's key.
        services.requireReachable(spec);
        if (spec.files().isEmpty()) {
            return submit(key, spec);
        }
        CompletableFuture<Reply> there = transfers.then(CompletableFuture.completedFuture(spec), shipping -> {
            files.requireThere(shipping);
            return Reply.ok(JsonWriter.compact());
        });
        return there.thenCompose(reply -> reply.status() == Reply.OK
                ? submit(key, spec.withFilesIn(FilesPlace.next().toString()))
                : done(reply));
    }

    private CompletableFuture<Reply> submit(String key, WorkloadSpec spec) {
        return plane.submit(new Command.Submit(spec.tenant() + "/" + key, spec)).thenApply(answer -> {
            if (answer.accepted()) {
                services.submitted(answer.text(), spec);
            }
            return reply(answer);
        });
    }

    private CompletableFuture<Reply> takeFile(Call call) {
        String tenant = tenant(call.who(), ImageName.require(call.variable("name")));
        String hash = call.variable("sha256");
        if (!ContentHash.isHash(hash)) {
            throw new Refusal(Reply.BAD_REQUEST, "'" + hash + "' is no SHA-256 in 64 hexadecimal digits");
        }
        long size = call.number("size", 0, ShippedFile.MOST_BYTES);
        long from = call.number("from", 0, size);
        return transfers.then(
                CompletableFuture.completedFuture(call.content().bytes()),
                content ->
                        Reply.ok(JsonWriter.compact().member("length", files.take(tenant, hash, size, from, content))));
    }

    private static WorkloadDraft draft(String document, Identity who) throws SpecException {
        WorkloadDraft draft = WorkloadDocument.read("request", document);
        draft.tenant(tenant(who, draft.tenant()));
        return draft;
    }

    /** For whom somebody submits: who belongs to a tenant need not name it. */
    private static String tenant(Identity who, String named) {
        String own = who.tenant();
        if (own == null) {
            return named;
        } else if (!named.equals(PoolJson.DEFAULT_TENANT) && !who.knows(named)) {
            throw new Refusal(Reply.FORBIDDEN, who.name() + " may submit for tenant " + own + " alone");
        }
        return own;
    }

    private interface Next {
        CompletableFuture<Reply> get();
    }

    /** A workload's tenant never changes, and no other workload gets its id, so nothing can come between. */
    private CompletableFuture<Reply> ifKnown(Call call, String id, Next next) {
        if (call.who().tenant() == null) {
            return next.get();
        }
        return plane.look((pool, now) -> known(pool, call, id)).thenCompose(known -> next.get());
    }

    private CompletableFuture<Reply> carryOut(Command command) {
        return plane.submit(command).thenApply(Api::reply);
    }

    static Reply reply(Answer answer) {
        return answer.accepted()
                ? Reply.ok(JsonWriter.compact().member("id", answer.text()))
                : Reply.error(Reply.CONFLICT, answer.text());
    }
}
