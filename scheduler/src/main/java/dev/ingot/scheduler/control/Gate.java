package dev.ingot.scheduler.control;

import dev.ingot.core.json.JsonException;
import dev.ingot.scheduler.access.Access;
import dev.ingot.scheduler.access.AuditLog;
import dev.ingot.scheduler.access.Identity;
import dev.ingot.scheduler.access.Role;
import dev.ingot.scheduler.spec.SpecException;
import dev.ingot.scheduler.telemetry.Telemetry;
import java.io.IOException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Lets requests through, or refuses them, whatever protocol they come in: who asks, how often, whether it may, and what is noted of it.
 * Thread-safe.
 */
public final class Gate {
    private static final String BEARER = "Bearer ";
    private static final int MOST_CONNECTIONS = 4096;
    private static final int MOST_CONNECTIONS_OF_ONE = 256;
    /** As long as a line of HTTP may be. */
    private static final int MOST_REQUEST = 4096;

    private static final int MOST_RESULT = 500;

    /** What is done for somebody who may have it done. */
    public interface Work<T> {
        CompletableFuture<T> of(Identity who) throws JsonException, SpecException;
    }

    private final Limits limits;
    private final Access access;
    private final AuditLog audit;
    private final Telemetry telemetry;
    private final Map<String, Integer> connections = new HashMap<>();
    private int allConnections;

    Gate(Limits limits, Access access, AuditLog audit, Telemetry telemetry) {
        this.limits = limits;
        this.access = access;
        this.audit = audit;
        this.telemetry = telemetry;
    }

    /** Whether there may be one more connection from there; if so, {@link #disconnected} is to be called when it has ended. */
    public synchronized boolean connected(String address) {
        if (allConnections >= MOST_CONNECTIONS || connections.getOrDefault(address, 0) >= MOST_CONNECTIONS_OF_ONE) {
            return false;
        }
        allConnections++;
        connections.merge(address, 1, Integer::sum);
        return true;
    }

    public synchronized void disconnected(String address) {
        allConnections--;
        connections.computeIfPresent(address, (key, count) -> count == 1 ? null : count - 1);
    }

    /**
     * Who somebody is who did not come through the pool's socket, and may ask now.
     *
     * @param authorization what it says to prove itself, as in HTTP's header; null for nothing
     * @param certificate the subject of the one it has shown, and has the key of; null for none
     * @throws Refusal if nobody knows, or it asks too often
     */
    public Identity identify(@Nullable String authorization, @Nullable String certificate, String address) {
        Optional<Identity> known = Optional.empty();
        if (authorization != null && authorization.startsWith(BEARER)) {
            known = access.byToken(authorization.substring(BEARER.length()));
        } else if (authorization == null && certificate != null) {
            known = access.byCertificate(certificate);
        }
        if (known.isEmpty()) {
            requireFewStrangers(address);
            throw new Refusal(
                    Reply.UNAUTHORIZED,
                    authorization == null && certificate == null
                            ? "who are you? Send a token: 'Authorization: Bearer …'; 'ingot pool grant' makes one"
                            : "the pool knows no such " + (authorization == null ? "certificate" : "token"));
        }
        Identity who = known.get();
        String client = who.tenant() == null ? "name " + who.name() : "tenant " + who.tenant();
        // A node moves images, and each piece of one is a request.
        if (who.role() != Role.NODE && !limits.clients().admits(client, System.nanoTime())) {
            throw new Refusal(Reply.TOO_MANY_REQUESTS, client + " asks too often; wait a second");
        }
        return who;
    }

    /**
     * Counts a request that proves nothing.
     *
     * @throws Refusal if there are too many from there
     */
    public void requireFewStrangers(String address) {
        if (!limits.strangers().admits(address, System.nanoTime())) {
            throw new Refusal(Reply.TOO_MANY_REQUESTS, "too many requests from " + address + "; wait a second");
        }
    }

    /**
     * Makes sure that somebody may ask for something.
     *
     * @param request as in {@link Operation#request}
     * @throws Refusal if not, which is noted
     */
    public void requireRole(Client client, Operation operation, String request) {
        Role needed = operation.needed();
        if (request.length() > MOST_REQUEST) {
            throw new Refusal(Reply.BAD_REQUEST, "no name has so many characters");
        }
        if (needed != null && !client.who().may(needed)) {
            Refusal refusal = new Refusal(
                    Reply.FORBIDDEN,
                    client.who().name() + " is " + client.who().role().name().toLowerCase(Locale.ROOT)
                            + "; this needs the role " + needed.name().toLowerCase(Locale.ROOT));
            noteResult(note(client, request), refusal.status(), refusal.reply().text());
            throw refusal;
        }
    }

    /**
     * Has something done for somebody, if it may have that done; what changes something is noted before and after. Never throws: the
     * result fails by a {@link Refusal}.
     *
     * @param request as in {@link Operation#request}
     * @param told what of a result is noted
     */
    public <T> CompletableFuture<T> carryOut(
            Client client, Operation operation, String request, Work<T> work, Function<T, String> told) {
        long begun = System.nanoTime();
        CompletableFuture<T> result = new CompletableFuture<>();
        try {
            requireRole(client, operation, request);
            long number = operation.isAudited() ? note(client, request) : 0;
            Object unused = begin(client, work).whenComplete((value, failure) -> {
                Refusal refusal = failure == null ? null : Refusal.of(failure);
                int status = refusal == null ? Reply.OK : refusal.status();
                if (operation.isAudited()) {
                    noteResult(
                            number,
                            status,
                            refusal == null
                                    ? told.apply(value)
                                    : refusal.reply().text());
                }
                telemetry.answered(operation.method() + " " + operation.template(), status, System.nanoTime() - begun);
                if (refusal == null) {
                    result.complete(value);
                } else {
                    result.completeExceptionally(refusal);
                }
            });
        } catch (Refusal refusal) {
            result.completeExceptionally(refusal);
        }
        return result;
    }

    private static <T> CompletableFuture<T> begin(Client client, Work<T> work) {
        try {
            return work.of(client.who());
        } catch (Refusal refusal) {
            return CompletableFuture.failedFuture(refusal);
        } catch (JsonException | SpecException | IllegalArgumentException malformed) {
            return CompletableFuture.failedFuture(
                    new Refusal(Reply.BAD_REQUEST, String.valueOf(malformed.getMessage())));
        }
    }

    /** Notes what somebody is about to change; without the note it must not be done. */
    private long note(Client client, String request) {
        try {
            return audit.asked(client.who().name(), client.from(), request);
        } catch (IOException failure) {
            throw new Refusal(Reply.UNAVAILABLE, "cannot write the audit log, so nothing is changed: " + failure);
        }
    }

    private void noteResult(long request, int status, String result) {
        try {
            audit.answered(request, status, result.length() > MOST_RESULT ? result.substring(0, MOST_RESULT) : result);
        } catch (IOException failure) {
            // It has been done; the next request finds out that nothing can be noted any more.
            System.err.println("ingot: cannot write the audit log: " + failure);
        }
    }
}
