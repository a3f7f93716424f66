package dev.ingot.cli;

import dev.ingot.core.json.JsonException;
import dev.ingot.core.json.JsonObject;
import dev.ingot.core.json.JsonWriter;
import dev.ingot.scheduler.pool.NodeView;
import dev.ingot.scheduler.pool.Resources;
import dev.ingot.scheduler.pool.TenantLimits;
import dev.ingot.scheduler.pool.TenantView;
import dev.ingot.scheduler.pool.TierView;
import dev.ingot.scheduler.pool.WorkloadView;
import dev.ingot.scheduler.wire.PoolClient;
import dev.ingot.scheduler.wire.PoolException;
import dev.ingot.scheduler.wire.PoolJson;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What the commands ask of a pool, and how they wait for what comes of it. */
final class Workloads {
    private static final long PERIOD_MILLIS = 50;
    private static final int PAGE = 1000;
    private static final String PATH = "/v1/workloads";

    private final PoolClient client;

    Workloads(PoolClient client) {
        this.client = client;
    }

    /**
     * Lists workloads, without their histories.
     *
     * @param active whether to leave out those that have ended
     */
    List<WorkloadView> all(boolean active) throws PoolException, JsonException {
        List<WorkloadView> all = new ArrayList<>();
        long after = 0;
        do {
            JsonObject page = client.get(PATH + "?limit=" + PAGE + "&active=" + active + "&after=" + after);
            for (JsonObject workload : page.objects("workloads")) {
                all.add(PoolJson.workload(workload));
            }
            after = page.has("next") ? page.integer("next") : 0;
        } while (after != 0);
        return all;
    }

    List<NodeView> nodes() throws PoolException, JsonException {
        List<NodeView> all = new ArrayList<>();
        for (JsonObject node : client.get("/v1/nodes").objects("nodes")) {
            all.add(PoolJson.node(node));
        }
        return all;
    }

    List<TenantView> tenants() throws PoolException, JsonException {
        List<TenantView> all = new ArrayList<>();
        for (JsonObject tenant : client.get("/v1/tenants").objects("tenants")) {
            all.add(PoolJson.tenant(tenant));
        }
        return all;
    }

    List<TierView> tiers() throws PoolException, JsonException {
        List<TierView> all = new ArrayList<>();
        for (JsonObject tier : client.get("/v1/tiers").objects("tiers")) {
            all.add(PoolJson.tier(tier));
        }
        return all;
    }

    void limit(String tenant, TenantLimits limits) throws PoolException {
        JsonWriter json = JsonWriter.compact();
        PoolJson.limits(json, limits);
        client.post("/v1/tenants/" + tenant + "/limit", json.finish());
    }

    void reserve(String tenant, Resources reservation) throws PoolException {
        JsonWriter json = JsonWriter.compact();
        PoolJson.resources(json, "reservation", reservation);
        client.post("/v1/tenants/" + tenant + "/reserve", json.finish());
    }

    WorkloadView get(String id) throws PoolException, JsonException {
        return PoolJson.workload(client.get(PATH + "/" + id));
    }

    /** All that the pool says of a workload. */
    JsonObject described(String id) throws PoolException, JsonException {
        return client.get(PATH + "/" + id);
    }

    List<String> why(String id) throws PoolException, JsonException {
        return client.get(PATH + "/" + id).strings("why");
    }

    /** Asks for something to be done with a workload. */
    void ask(String id, String action, @Nullable String node) throws PoolException {
        client.post(
                PATH + "/" + id + "/" + action,
                JsonWriter.compact().member("node", node).finish());
    }

    void askNode(String name, String action) throws PoolException {
        client.post("/v1/nodes/" + name + "/" + action, "");
    }

    /** Waits until a workload is as wanted. */
    WorkloadView await(String id, Predicate<WorkloadView> wanted)
            throws PoolException, JsonException, InterruptedException {
        WorkloadView view = get(id);
        while (!wanted.test(view)) {
            TimeUnit.MILLISECONDS.sleep(PERIOD_MILLIS);
            view = get(id);
        }
        return view;
    }
}
