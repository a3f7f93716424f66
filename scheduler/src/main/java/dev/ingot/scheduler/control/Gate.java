package dev.ingot.scheduler.control;

import dev.ingot.scheduler.access.Access;
import dev.ingot.scheduler.access.AuditLog;
import dev.ingot.scheduler.access.Identity;
import dev.ingot.scheduler.access.Role;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Lets requests through, or refuses them. Thread-safe. */
final class Gate {
    private static final String BEARER = "Bearer ";
    private static final int MOST_CONNECTIONS = 4096;
    private static final int MOST_CONNECTIONS_OF_ONE = 256;

    private final Limits limits;
    private final Access access;
    private final AuditLog audit;
    private final Map<String, Integer> connections = new HashMap<>();
    private int allConnections;

    Gate(Limits limits, Access access, AuditLog audit) {
        this.limits = limits;
        this.access = access;
        this.audit = audit;
    }

    synchronized boolean connected(String address) {
        if (allConnections >= MOST_CONNECTIONS || connections.getOrDefault(address, 0) >= MOST_CONNECTIONS_OF_ONE) {
            return false;
        }
        allConnections++;
        connections.merge(address, 1, Integer::sum);
        return true;
    }

    synchronized void disconnected(String address) {
        allConnections--;
        connections.computeIfPresent(address, (key, count) -> count == 1 ? null : count - 1);
    }

    /** Who somebody is who did not come through the pool's socket, and may ask now. */
    Identity identify(HttpHeaders headers, @Nullable String certificate, String address, long nowNanos) {
        String authorization = headers.get(HttpHeaderNames.AUTHORIZATION);
        Optional<Identity> known = Optional.empty();
        if (authorization != null && authorization.startsWith(BEARER)) {
            known = access.byToken(authorization.substring(BEARER.length()));
        } else if (authorization == null && certificate != null) {
            known = access.byCertificate(certificate);
        }
        if (known.isEmpty()) {
            requireFewStrangers(address, nowNanos);
            throw new Refusal(
                    Reply.UNAUTHORIZED,
                    authorization == null && certificate == null
                            ? "who are you? Send a token: 'Authorization: Bearer …'; 'ingot pool grant' makes one"
                            : "the pool knows no such " + (authorization == null ? "certificate" : "token"));
        }
        Identity who = known.get();
        String client = who.tenant() == null ? "name " + who.name() : "tenant " + who.tenant();
        // A node moves images, and each piece of one is a request.
        if (who.role() != Role.NODE && !limits.clients().admits(client, nowNanos)) {
            throw new Refusal(Reply.TOO_MANY_REQUESTS, client + " asks too often; wait a second");
        }
        return who;
    }

    void requireFewStrangers(String address, long nowNanos) {
        if (!limits.strangers().admits(address, nowNanos)) {
            throw new Refusal(Reply.TOO_MANY_REQUESTS, "too many requests from " + address + "; wait a second");
        }
    }

    static void requireRole(Identity who, Role needed) {
        if (!who.may(needed)) {
            throw new Refusal(
                    Reply.FORBIDDEN,
                    who.name() + " is " + who.role().name().toLowerCase(java.util.Locale.ROOT)
                            + "; this needs the role " + needed.name().toLowerCase(java.util.Locale.ROOT));
        }
    }

    /** Notes what somebody is about to change; without the note it must not be done. */
    long note(String who, String from, String what) {
        try {
            return audit.asked(who, from, what);
        } catch (IOException failure) {
            throw new Refusal(Reply.UNAVAILABLE, "cannot write the audit log, so nothing is changed: " + failure);
        }
    }

    void noteResult(long request, Reply reply) {
        try {
            String result = reply.type().equals(Reply.JSON)
                    ? new String(reply.body(), java.nio.charset.StandardCharsets.UTF_8)
                    : "";
            audit.answered(request, reply.status(), result.length() > 500 ? result.substring(0, 500) : result);
        } catch (IOException failure) {
            // It has been done; the next request finds out that nothing can be noted any more.
            System.err.println("ingot: cannot write the audit log: " + failure);
        }
    }
}
