package dev.ingot.scheduler.control;

import dev.ingot.scheduler.access.Identity;
import dev.ingot.scheduler.forward.EntranceState;
import dev.ingot.scheduler.pool.Answer;
import dev.ingot.scheduler.pool.Command;
import dev.ingot.scheduler.pool.NodeView;
import dev.ingot.scheduler.pool.OutputPart;
import dev.ingot.scheduler.pool.Pool;
import dev.ingot.scheduler.pool.PoolEvent;
import dev.ingot.scheduler.pool.Resources;
import dev.ingot.scheduler.pool.ShippedFile;
import dev.ingot.scheduler.pool.TenantLimits;
import dev.ingot.scheduler.pool.TenantPath;
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
import dev.ingot.scheduler.wire.TenantName;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What a pool does for those who use it, whatever protocol they speak. Whoever belongs to a tenant is answered as if there were no
 * others. That who asks may ask is for {@link Gate#carryOut} to know. What cannot be done fails by a {@link Refusal}; results come from
 * the pool's own threads, quickly to be taken. Thread-safe.
 */
public final class Operations {
    /** How many workloads are listed where nothing else is said. */
    public static final int USUAL_PAGE = 100;
    /** How many can be listed at once. */
    public static final int MOST_PAGE = 1000;
    /** How much output can be read at once. */
    public static final int MOST_OUTPUT_BYTES = 1 << 20;

    private static final int MOST_KEY = 200;

    private final ControlPlane plane;
    private final Telemetry telemetry;
    private final OutputFiles output;
    private final Offload slow;
    private final Offload transfers;
    private final ServiceDesk services;
    private final FileStore files;
    private final EventHub events;

    Operations(
            ControlPlane plane,
            PoolDirectory directory,
            Offload slow,
            Offload transfers,
            Telemetry telemetry,
            ServiceDesk services,
            FileStore files,
            EventHub events) {
        this.plane = plane;
        this.output = new OutputFiles(directory);
        this.slow = slow;
        this.transfers = transfers;
        this.telemetry = telemetry;
        this.services = services;
        this.files = files;
        this.events = events;
    }

    /* ---- Looking ---- */

    /**
     * Some workloads.
     *
     * @param closed whether the pool is being stopped
     */
    public record Workloads(boolean closed, WorkloadPage page) {}

    /**
     * A workload as it is now.
     *
     * @param why it is where it is, a line each
     */
    public record WorkloadDetails(WorkloadView view, List<EntranceState> entrances, List<String> why) {}

    /** Some of what a workload wrote. */
    public static final class Output {
        private final byte[] bytes;
        private final boolean complete;

        Output(byte[] bytes, boolean complete) {
            this.bytes = bytes;
            this.complete = complete;
        }

        /** Not to be changed. */
        public byte[] bytes() {
            return bytes;
        }

        /** Whether that is all, and there will be no more. */
        public boolean isComplete() {
            return complete;
        }
    }

    /**
     * A page of the workloads that somebody knows, and that are wanted.
     *
     * @param after where the page begins; 0 for the first
     * @param tenant whose workloads alone; null for all
     * @param active whether those that have ended are left out
     */
    public CompletableFuture<Workloads> workloads(
            Identity who, long after, int limit, @Nullable String tenant, boolean active) {
        boolean known = tenant != null && who.knows(tenant);
        String wanted = who.tenant() == null || known ? tenant : who.tenant();
        return plane.look((pool, now) -> new Workloads(pool.isClosed(), pool.workloads(after, limit, wanted, active)));
    }

    public CompletableFuture<WorkloadDetails> workload(Identity who, String id) {
        return plane.look((pool, now) -> {
            WorkloadView view = known(pool, who, id);
            return new WorkloadDetails(view, services.states(view), pool.why(now, id, who::knows));
        });
    }

    /** A workload, where it is known to who asks. */
    private static WorkloadView known(Pool pool, Identity who, String id) {
        WorkloadView workload = pool.workload(id);
        if (workload == null || !who.knows(workload.spec().tenant())) {
            throw new Refusal(Reply.NOT_FOUND, "there is no workload " + id + "; 'ingot pool ps' lists them");
        }
        return workload;
    }

    /**
     * What a workload wrote, from byte {@code from} on.
     *
     * @param limit how much at most
     * @param live whether that counts which no image covers
     */
    public CompletableFuture<Output> output(Identity who, String id, long from, int limit, boolean live) {
        return slow.then(plane.look((pool, now) -> known(pool, who, id)), view -> {
            List<OutputPart> parts = output.parts(view, live);
            byte[] bytes = output.read(id, parts, from, limit);
            return new Output(bytes, view.state().isEnded() && from + bytes.length >= OutputFiles.length(parts));
        });
    }

    public CompletableFuture<List<NodeView>> nodes() {
        return plane.look((pool, now) -> pool.nodes());
    }

    public CompletableFuture<List<TenantView>> tenants(Identity who) {
        return plane.look((pool, now) -> pool.tenants().stream()
                .filter(tenant -> who.knows(tenant.name()))
                .toList());
    }

    public CompletableFuture<List<TierView>> tiers() {
        return plane.look((pool, now) -> pool.tiers());
    }

    /** How the pool was used since then, oldest first. */
    public CompletableFuture<List<Usage>> usage(long sinceMillis) {
        return CompletableFuture.completedFuture(plane.usageSince(sinceMillis));
    }

    /** In Prometheus' text format. */
    CompletableFuture<String> metrics(Identity who) {
        if (who.tenant() != null) {
            throw new Refusal(Reply.FORBIDDEN, "metrics are of all tenants together");
        }
        return plane.look((pool, now) -> {
                    telemetry.look(pool, now);
                    return true;
                })
                .thenApply(looked -> telemetry.metrics());
    }

    /**
     * Has somebody told what happens; begins when it is woken first.
     *
     * @param after the number of the newest event that it knows
     * @param follow whether that goes on when all that has happened has been told
     * @throws Refusal if too many are told already
     */
    public EventFeed events(Identity who, long after, boolean follow, EventFeed.Sink sink) {
        return events.open(who, after, follow, sink);
    }

    /** Whether somebody may hear of an event. */
    static boolean mayHear(Identity who, PoolEvent event) {
        String tenant = event.tenant();
        return tenant == null || who.knows(tenant);
    }

    /* ---- Foreseeing ---- */

    /**
     * What would follow.
     *
     * @param id of the workload or node that the question was about
     * @param why it would be where it would be, a line each
     */
    public record Plan(String id, List<PoolEvent> events, List<String> why) {}

    /** What would follow from a submission. */
    public CompletableFuture<Plan> planSubmission(Identity who, String description) throws SpecException {
        WorkloadSpec spec = draft(description, who).complete();
        return plan(who, new Command.Submit(UUID.randomUUID().toString(), spec));
    }

    /** What would follow if a node were drained. */
    public CompletableFuture<Plan> planDrain(Identity who, String node) {
        return planForNode(who, new Command.Drain(node));
    }

    /** What would follow if a node were lost. */
    public CompletableFuture<Plan> planLoss(Identity who, String node) {
        return planForNode(who, new Command.Lose(node, ""));
    }

    private CompletableFuture<Plan> planForNode(Identity who, Command command) {
        if (who.tenant() != null) {
            throw new Refusal(Reply.FORBIDDEN, "nodes are the business of those who belong to no tenant");
        }
        return plan(who, command);
    }

    private CompletableFuture<Plan> plan(Identity who, Command command) {
        return slow.then(CompletableFuture.completedFuture(command), wanted -> {
            Forecast forecast = plane.forecast(wanted, who::knows);
            return new Plan(
                    accepted(forecast.answer()),
                    forecast.events().stream()
                            .filter(event -> mayHear(who, event))
                            .toList(),
                    forecast.why());
        });
    }

    /* ---- Changing ---- */

    /**
     * Submits a workload, and says what it is called.
     *
     * @param description YAML or JSON
     * @param key with which the tenant's second submission is the first; null for none
     */
    public CompletableFuture<String> submit(Identity who, String description, @Nullable String key)
            throws SpecException {
        WorkloadSpec spec = draft(description, who).complete();
        String chosen = key == null ? UUID.randomUUID().toString() : key;
        if (chosen.length() > MOST_KEY) {
            throw new Refusal(Reply.BAD_REQUEST, "an idempotency key has " + MOST_KEY + " characters at most");
        }
        services.requireReachable(spec);
        if (spec.files().isEmpty()) {
            return submit(chosen, spec);
        }
        return transfers
                .then(CompletableFuture.completedFuture(spec), shipping -> {
                    files.requireThere(shipping);
                    return shipping.withFilesIn(FilesPlace.next().toString());
                })
                .thenCompose(shipped -> submit(chosen, shipped));
    }

    private CompletableFuture<String> submit(String key, WorkloadSpec spec) {
        // The key is the tenant's own, so that nobody learns of a workload by guessing somebody else's.
        return carryOut(new Command.Submit(TenantPath.flat(spec.tenant()) + "/" + key, spec))
                .thenCompose(id -> services.submitted(id, spec).thenApply(listening -> id));
    }

    /**
     * Takes bytes of a file that is to come with workloads, and says how much has come.
     *
     * @param hash of the whole file
     * @param size of the whole file
     * @param from where the content belongs
     */
    public CompletableFuture<Long> putFile(
            Identity who, String tenant, String hash, long size, long from, byte[] content) {
        String owner = tenant(who, TenantName.require(tenant));
        if (!ContentHash.isHash(hash)) {
            throw new Refusal(Reply.BAD_REQUEST, "'" + hash + "' is no SHA-256 in 64 hexadecimal digits");
        }
        if (size < 0 || size > ShippedFile.MOST_BYTES || from < 0 || from > size) {
            throw new Refusal(Reply.BAD_REQUEST, "byte " + from + " of " + size + " is none that a file can have");
        }
        return transfers.then(
                CompletableFuture.completedFuture(content), bytes -> files.take(owner, hash, size, from, bytes));
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
        } else if (who.knows(named)) {
            return named;
        } else if (!named.equals(PoolJson.DEFAULT_TENANT)) {
            throw new Refusal(Reply.FORBIDDEN, who.name() + " may submit for tenant " + own + " alone");
        }
        return own;
    }

    public CompletableFuture<String> suspend(Identity who, String id) {
        return direct(who, id, new Command.Suspend(id));
    }

    public CompletableFuture<String> resume(Identity who, String id) {
        return direct(who, id, new Command.Resume(id));
    }

    public CompletableFuture<String> cancel(Identity who, String id) {
        return direct(who, id, new Command.Cancel(id));
    }

    /**
     * Has a workload moved.
     *
     * @param node null for whichever is best
     */
    public CompletableFuture<String> migrate(Identity who, String id, @Nullable String node) {
        return direct(who, id, new Command.Migrate(id, node));
    }

    /** A workload's tenant never changes, and no other workload gets its id, so nothing can come between. */
    private CompletableFuture<String> direct(Identity who, String id, Command command) {
        if (who.tenant() == null) {
            return carryOut(command);
        }
        return plane.look((pool, now) -> known(pool, who, id)).thenCompose(known -> carryOut(command));
    }

    /**
     * Has a node take new workloads or none.
     *
     * @param cordoned whether none
     */
    public CompletableFuture<String> cordon(String node, boolean cordoned) {
        return carryOut(new Command.Cordon(node, cordoned));
    }

    public CompletableFuture<String> drain(String node) {
        return carryOut(new Command.Drain(node));
    }

    public CompletableFuture<String> reserve(String tenant, Resources amount) {
        TenantName.require(tenant);
        for (long part : new long[] {amount.milliCores(), amount.memoryMiB(), amount.milliDevices()}) {
            if (part < 0 || part > Integer.MAX_VALUE) {
                throw new Refusal(Reply.BAD_REQUEST, part + " is more or less than can be reserved");
            }
        }
        return carryOut(new Command.Reserve(tenant, amount));
    }

    public CompletableFuture<String> limit(String tenant, TenantLimits limits) {
        return carryOut(new Command.Limit(TenantName.require(tenant), limits));
    }

    private CompletableFuture<String> carryOut(Command command) {
        return plane.submit(command).thenApply(Operations::accepted);
    }

    /** What an answer says, unless it is a refusal. */
    static String accepted(Answer answer) {
        if (!answer.accepted()) {
            throw new Refusal(Reply.CONFLICT, answer.text());
        }
        return answer.text();
    }
}
