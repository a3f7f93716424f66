package dev.ingot.scheduler.control;

import dev.ingot.core.image.ImageName;
import dev.ingot.core.json.JsonException;
import dev.ingot.core.json.JsonObject;
import dev.ingot.core.json.JsonWriter;
import dev.ingot.scheduler.pool.Command;
import dev.ingot.scheduler.pool.NodeView;
import dev.ingot.scheduler.pool.Pool;
import dev.ingot.scheduler.pool.TenantView;
import dev.ingot.scheduler.pool.WorkloadSpec;
import dev.ingot.scheduler.pool.WorkloadView;
import dev.ingot.scheduler.wire.PoolJson;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The requests there are; docs/scheduler.md lists them. Thread-safe. */
final class Api {
    private static final String GET = "GET";
    private static final String POST = "POST";

    private final ControlPlane plane;

    Api(ControlPlane plane) {
        this.plane = plane;
    }

    CompletableFuture<Reply> answer(String method, String path, String body) {
        try {
            List<String> parts = List.of(path.substring(1).split("/", -1));
            boolean known = parts.size() >= 2 && parts.get(0).equals("v1");
            if (known && method.equals(GET)) {
                return get(parts.subList(1, parts.size()));
            } else if (known && method.equals(POST)) {
                return post(parts.subList(1, parts.size()), body.isEmpty() ? "{}" : body);
            }
            return notFound();
        } catch (JsonException | IllegalArgumentException malformed) {
            return done(Reply.error(Reply.BAD_REQUEST, String.valueOf(malformed.getMessage())));
        }
    }

    private static CompletableFuture<Reply> done(Reply reply) {
        return CompletableFuture.completedFuture(reply);
    }

    private static CompletableFuture<Reply> notFound() {
        return done(Reply.error(Reply.NOT_FOUND, "there is no such request"));
    }

    private CompletableFuture<Reply> get(List<String> parts) {
        String what = parts.get(0);
        if (what.equals("workloads") && parts.size() == 1) {
            return plane.look((pool, now) -> workloads(pool));
        } else if (what.equals("workloads") && parts.size() == 2) {
            return plane.look((pool, now) -> workload(pool, now, parts.get(1)));
        } else if (what.equals("nodes") && parts.size() == 1) {
            return plane.look((pool, now) -> nodes(pool));
        } else if (what.equals("tenants") && parts.size() == 1) {
            return plane.look((pool, now) -> tenants(pool));
        }
        return notFound();
    }

    private static Reply workloads(Pool pool) {
        JsonWriter json = JsonWriter.compact().member("closed", pool.isClosed()).list("workloads");
        for (WorkloadView workload : pool.workloads()) {
            PoolJson.workload(json.element(), workload);
            json.end();
        }
        return Reply.ok(json.endList());
    }

    private static Reply workload(Pool pool, long now, String id) {
        WorkloadView workload = pool.workload(id);
        if (workload == null) {
            return Reply.error(Reply.NOT_FOUND, "there is no workload " + id + "; 'ingot pool ps' lists them");
        }
        JsonWriter json = JsonWriter.compact();
        PoolJson.workload(json, workload);
        return Reply.ok(json.member("why", pool.why(now, id)));
    }

    private static Reply nodes(Pool pool) {
        JsonWriter json = JsonWriter.compact().list("nodes");
        for (NodeView node : pool.nodes()) {
            PoolJson.node(json.element(), node);
            json.end();
        }
        return Reply.ok(json.endList());
    }

    private static Reply tenants(Pool pool) {
        JsonWriter json = JsonWriter.compact().list("tenants");
        for (TenantView tenant : pool.tenants()) {
            PoolJson.tenant(json.element(), tenant);
            json.end();
        }
        return Reply.ok(json.endList());
    }

    private CompletableFuture<Reply> post(List<String> parts, String body) throws JsonException {
        JsonObject json = JsonObject.parse(body);
        String what = parts.get(0);
        if (what.equals("beat") && parts.size() == 1) {
            return plane.beat(PoolJson.join(json), PoolJson.observe(json)).thenApply(Api::reply);
        } else if (what.equals("workloads") && parts.size() == 1) {
            return carryOut(new Command.Submit(json.string("key"), checked(PoolJson.spec(json.object("spec")))));
        } else if (what.equals("workloads") && parts.size() == 3) {
            return workload(parts.get(1), parts.get(2), json);
        } else if (what.equals("nodes") && parts.size() == 3) {
            return node(parts.get(1), parts.get(2));
        } else if (what.equals("tenants") && parts.size() == 3 && parts.get(2).equals("reserve")) {
            return carryOut(new Command.Reserve(ImageName.require(parts.get(1)), PoolJson.reservation(json)));
        }
        return notFound();
    }

    private CompletableFuture<Reply> workload(String id, String action, JsonObject json) throws JsonException {
        return switch (action) {
            case "suspend" -> carryOut(new Command.Suspend(id));
            case "resume" -> carryOut(new Command.Resume(id));
            case "cancel" -> carryOut(new Command.Cancel(id));
            case "migrate" ->
                carryOut(new Command.Migrate(id, json.optionalString("node").orElse(null)));
            default -> notFound();
        };
    }

    private CompletableFuture<Reply> node(String name, String action) {
        return switch (action) {
            case "cordon" -> carryOut(new Command.Cordon(name, true));
            case "uncordon" -> carryOut(new Command.Cordon(name, false));
            case "drain" -> carryOut(new Command.Drain(name));
            default -> notFound();
        };
    }

    private CompletableFuture<Reply> carryOut(Command command) {
        return plane.submit(command)
                .thenApply(answer -> answer.accepted()
                        ? Reply.ok(JsonWriter.compact().member("id", answer.text()))
                        : Reply.error(Reply.CONFLICT, answer.text()));
    }

    private static Reply reply(Beat beat) {
        JsonWriter json = JsonWriter.compact().member("verdict", PoolJson.text(beat.verdict()));
        PoolJson.orders(json, beat.orders());
        return Reply.ok(json);
    }

    private static WorkloadSpec checked(WorkloadSpec spec) {
        ImageName.require(spec.name());
        ImageName.require(spec.tenant());
        if (spec.command().isEmpty()) {
            throw new IllegalArgumentException("a workload needs a command");
        }
        if (!Path.of(spec.directory()).isAbsolute()) {
            throw new IllegalArgumentException("directory '" + spec.directory() + "' is not absolute");
        }
        if (spec.needs().milliCores() == 0 && spec.needs().devices() == 0) {
            throw new IllegalArgumentException("a workload needs cores or devices");
        }
        return spec;
    }
}
