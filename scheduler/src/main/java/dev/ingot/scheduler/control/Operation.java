package dev.ingot.scheduler.control;

import dev.ingot.scheduler.access.Role;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All that can be asked of a pool, whatever protocol it is asked in, and who may. By its HTTP request it is known in the audit log. */
public enum Operation {
    HEALTH("GET", "/v1/health", null),
    OPENAPI("GET", "/v1/openapi.json", null),
    SCHEMA("GET", "/v1/workload.schema.json", null),
    DASHBOARD("GET", "/", null),
    DASHBOARD_SCRIPT("GET", "/dashboard.js", null),
    DASHBOARD_STYLE("GET", "/dashboard.css", null),

    WHO_AM_I("GET", "/v1/whoami", Role.VIEWER),
    WORKLOADS("GET", "/v1/workloads", Role.VIEWER),
    WORKLOAD("GET", "/v1/workloads/{id}", Role.VIEWER),
    OUTPUT("GET", "/v1/workloads/{id}/output", Role.VIEWER),
    NODES("GET", "/v1/nodes", Role.VIEWER),
    TENANTS("GET", "/v1/tenants", Role.VIEWER),
    TIERS("GET", "/v1/tiers", Role.VIEWER),
    USAGE("GET", "/v1/usage", Role.VIEWER),
    EVENTS("GET", "/v1/events", Role.VIEWER),
    METRICS("GET", "/metrics", Role.VIEWER),
    PLAN("POST", "/v1/plan", Role.VIEWER),

    SUBMIT("POST", "/v1/workloads", Role.OPERATOR),
    PUT_FILE("POST", "/v1/tenants/{tenant}/files/{sha256}", Role.OPERATOR),
    SUSPEND("POST", "/v1/workloads/{id}/suspend", Role.OPERATOR),
    RESUME("POST", "/v1/workloads/{id}/resume", Role.OPERATOR),
    CANCEL("POST", "/v1/workloads/{id}/cancel", Role.OPERATOR),
    MIGRATE("POST", "/v1/workloads/{id}/migrate", Role.OPERATOR),

    CORDON("POST", "/v1/nodes/{name}/cordon", Role.ADMIN),
    UNCORDON("POST", "/v1/nodes/{name}/uncordon", Role.ADMIN),
    DRAIN("POST", "/v1/nodes/{name}/drain", Role.ADMIN),
    RESERVE("POST", "/v1/tenants/{tenant}/reserve", Role.ADMIN),
    LIMIT("POST", "/v1/tenants/{tenant}/limit", Role.ADMIN),

    BEAT("POST", "/v1/beat", Role.NODE),
    NEWS("GET", "/v1/nodes/{name}/news", Role.NODE),
    LEAVE("POST", "/v1/nodes/{name}/leave", Role.NODE),
    TAKE_OUTPUT("POST", "/v1/nodes/{name}/output/{id}", Role.NODE),
    TAKE_IMAGE_PART("POST", "/v1/nodes/{name}/images/{id}/{image}/{part}", Role.NODE),
    COMPLETE_IMAGE("POST", "/v1/nodes/{name}/images/{id}/{image}", Role.NODE),
    LOCATE_IMAGE("GET", "/v1/nodes/{name}/images/{id}/{image}", Role.NODE),
    READ_IMAGE_PART("GET", "/v1/nodes/{name}/images/{id}/{image}/{part}", Role.NODE),
    READ_FILE("GET", "/v1/nodes/{name}/files/{id}/{sha256}", Role.NODE);

    private static final String POST = "POST";

    private final String method;
    private final String template;
    private final @Nullable Role needed;

    Operation(String method, String template, @Nullable Role needed) {
        this.method = method;
        this.template = template;
        this.needed = needed;
    }

    String method() {
        return method;
    }

    /** Of the path of its HTTP request; segments such as {@code {id}} stand for any, {@code {tenant}} for one or more. */
    String template() {
        return template;
    }

    /** What who asks must be; null where nobody has to say who it is. */
    @Nullable Role needed() {
        return needed;
    }

    /** Whether it is for users, and they have to say who they are. */
    public boolean isOfUsers() {
        return needed != null && needed != Role.NODE;
    }

    /** Whether it is to be noted. What nodes say all the time is no decision of anybody's. */
    boolean isAudited() {
        return method.equals(POST) && needed != Role.VIEWER && needed != Role.NODE;
    }

    /** Its HTTP request, with the variables of its path filled in. */
    public String request(Map<String, String> variables) {
        String path = template;
        for (Map.Entry<String, String> variable : variables.entrySet()) {
            path = path.replace("{" + variable.getKey() + "}", variable.getValue());
        }
        return method + " " + path;
    }
}
