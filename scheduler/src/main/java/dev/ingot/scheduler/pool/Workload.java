package dev.ingot.scheduler.pool;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A workload in the core's state. Confined to the core's writer; only {@link Pool} changes it. */
final class Workload {
    /** Within a tier: the higher priority, then who came first. Never changes. */
    static final Comparator<Workload> SENIORITY = Comparator.<Workload, Integer>comparing(
                    workload -> workload.spec.priority(), Comparator.reverseOrder())
            .thenComparingLong(workload -> workload.number);

    /** No time. */
    static final long NEVER = -1;

    /** No alternative. */
    static final int NONE = -1;

    private static final int MOST_EVENTS = 200;

    final String id;
    final long number;
    /** Chosen by who submitted it. */
    final String key;

    final WorkloadSpec spec;
    final long submittedAt;

    WorkloadState state = WorkloadState.QUEUED;
    /** The tier it is treated as: Premium beyond its tenant's reservation is Standard. */
    Tier standing;
    /** Grows each time it is placed; whoever holds an older one is ignored. */
    long epoch;
    /** The newest epoch that any node was told of. */
    long lastEpoch;

    @Nullable String node;

    /** What it has of its node. */
    Space piece = Space.NONE;

    private int choice;
    private Resources needs;
    /** Of each amount the most that any of its alternatives needs. */
    private final Resources most;

    @Nullable Claim claim;

    /** From when on it may move up to a faster one of its alternatives; {@link #NEVER} where it has none. */
    long upAt = NEVER;

    /** Where it is being got ready for; null if nowhere. */
    @Nullable Preparation preparation;

    /** Where its present epoch may be gone on with, while it is queued since its node was lost; null if nowhere. */
    @Nullable Stranded stranded;

    Intent intent = Intent.MAKE_ROOM;
    /** Requests to suspend it in this epoch. */
    long attempt;

    @Nullable ImageReference image;
    /** What its present epoch began with. */
    @Nullable ImageReference startImage;
    /** Where it could go on from each of its images. */
    final Prospects.OfImages foreseen = new Prospects.OfImages();
    /** All it had written at {@link #image}. */
    List<OutputPart> imageOutput = List.of();
    /** All it had written when its epoch began. */
    List<OutputPart> base = List.of();
    /** All it wrote, once it has ended. */
    List<OutputPart> finalOutput = List.of();

    int exitCode;

    @Nullable String problem;
    /** The image before {@link #image}; while it crashes again and again, the one before those that it crashed from. */
    @Nullable ImageReference earlier;
    /** All it had written at {@link #earlier}. */
    List<OutputPart> earlierOutput = List.of();
    /** Crashes in a row. */
    int failures;
    /** Whether it has gone back to an earlier image since it last ran well. */
    boolean wentBack;
    /** Whether its last crash was a kill from outside. */
    boolean wasKilled;
    /** The node where it crashed last; null if that was overcome. */
    @Nullable String failedOn;
    /** As which of its alternatives it crashed last, by number; {@link #NONE} if that was overcome. */
    int failedAs = NONE;
    /** How often it has crashed where a slower alternative was left since it last ran well as its fastest one. */
    int setbacks;
    /** What its agent warned of last, in any epoch. */
    @Nullable String warning;

    long queuedAt;
    long runningSince;
    /** When it came into its state. */
    long stateSince;
    /** When its newest image was heard of. */
    long imageAt;
    /** How long its last suspension and resumption took; 0 if there was none. */
    long suspendMillis;

    long resumeMillis;

    /** Null if it is a workload of its own. */
    final @Nullable Gang gang;
    /** Where it is beyond the least number of a gang: the gang, without which it does not run; else null. */
    final @Nullable Gang beyond;
    /** In its gang. */
    final int index;
    /** Of a member of a gang: the newest image of its epoch that is not part of a set yet. */
    @Nullable ImageReference pending;
    /** Whether {@link #pending} is to be part of the next set. */
    boolean fresh;
    /** Whether it is to write an image for the next set. */
    boolean asked;

    /** Since when it is counted what a reservation owes it, and since when it waits for that; {@link #NEVER} where nothing is owed. */
    long dueSince = NEVER;

    long waitsSince = NEVER;
    /** By how much it has run, while it waits, and when that is forgotten; see {@link Levels}. */
    int level;

    long anewAt;
    final Service service;
    /** Not started before. */
    long notBefore;
    /** Not suspended for others before. */
    long spareUntil;

    private final List<Event> history = new ArrayList<>();

    Workload(
            String id,
            long number,
            String key,
            WorkloadSpec spec,
            @Nullable Gang gang,
            boolean isBeyond,
            int index,
            long submittedAt,
            Service service) {
        this.id = id;
        this.number = number;
        this.key = key;
        this.spec = spec;
        this.needs = spec.needs();
        this.most = spec.alternatives().stream().map(Alternative::needs).reduce(spec.needs(), Resources::max);
        this.submittedAt = submittedAt;
        this.standing = spec.tier();
        this.service = service;
        this.gang = isBeyond ? null : gang;
        this.beyond = isBeyond ? gang : null;
        this.index = index;
        if (gang != null && isBeyond) {
            gang.addBeyond(this);
        } else if (gang != null) {
            gang.add(this);
        }
    }

    /** @param gang that it is of; its members are restored in their order */
    Workload(WorkloadSnapshot snapshot, @Nullable Gang gang, Service service) {
        this(
                snapshot.view().id(),
                snapshot.number(),
                snapshot.key(),
                snapshot.view().spec(),
                gang,
                snapshot.member() != null && snapshot.member().beyond(),
                snapshot.member() == null ? 0 : snapshot.member().index(),
                snapshot.view().submittedMillis(),
                service);
        WorkloadView view = snapshot.view();
        state = view.state();
        standing = view.standing();
        epoch = view.epoch();
        lastEpoch = snapshot.lastEpoch();
        node = view.node();
        choose(view.choice());
        piece = Space.of(needs, view.devices());
        claim = view.claim() == null ? null : new Claim(view.claim(), snapshot.claimCertain(), snapshot.claimChoice());
        intent = snapshot.intent();
        preparation = snapshot.preparation();
        stranded = snapshot.stranded();
        attempt = view.refusedAttempts();
        image = view.image();
        startImage = snapshot.startImage();
        imageOutput = snapshot.imageOutput();
        snapshot.prospects()
                .forEach((name, known) -> foreseen.add(
                        name, known, List.copyOf(snapshot.prospects().keySet())));
        base = view.base();
        finalOutput = state.isEnded() ? view.output() : List.of();
        exitCode = view.exitCode();
        problem = view.problem();
        earlier = snapshot.trouble().earlier();
        earlierOutput = snapshot.trouble().earlierOutput();
        failures = snapshot.trouble().failures();
        wentBack = snapshot.trouble().wentBack();
        wasKilled = snapshot.trouble().wasKilled();
        failedOn = snapshot.trouble().failedOn();
        failedAs = snapshot.trouble().failedAs();
        setbacks = snapshot.trouble().setbacks();
        warning = snapshot.trouble().warning();
        queuedAt = snapshot.queuedAt();
        runningSince = snapshot.runningSince();
        upAt = snapshot.upAt();
        stateSince = snapshot.stateSince();
        imageAt = snapshot.imageAt();
        suspendMillis = snapshot.suspendMillis();
        resumeMillis = snapshot.resumeMillis();
        notBefore = snapshot.notBefore();
        spareUntil = snapshot.spareUntil();
        history.addAll(view.history());
        restore(snapshot.member());
    }

    private void restore(@Nullable MemberSnapshot member) {
        // Of a gang whose members have all been forgotten the copies beyond them tell.
        Gang any = gang == null ? beyond : gang;
        if (member != null && any != null) {
            pending = member.pending();
            fresh = member.fresh();
            asked = member.asked();
            any.broken = member.broken();
            any.hold = member.hold();
            any.setAt = member.setAt();
            any.gatheredUntil = member.gatheredUntil();
        }
    }

    /** Whether another member of its gang stands in the queue for it. */
    boolean follows() {
        return gang != null && gang.leader() != this;
    }

    /** Those that start and stop with it, itself included. */
    List<Workload> together() {
        return gang == null ? List.of(this) : gang.all();
    }

    /** Where it, and those that start with it, could go on from their images as it has, or would have, what it needs. */
    Prospects prospects() {
        return prospects(kind());
    }

    private Prospects prospects(AcceleratorKind kind) {
        Prospects all = allProspects();
        return all.areNone() || !spec.namesAccelerators() ? all : all.with(kind);
    }

    /** What is known of going on on a node as the first of their alternatives with which that is possible; if there is none, as the first. */
    Prospect prospect(Node node) {
        Prospect first = null;
        for (Alternative each : spec.alternatives()) {
            Prospect prospect = prospects(each.kind()).on(node);
            if (prospect.possible()) {
                return prospect;
            }
            first = first == null ? prospect : first;
        }
        return first == null ? Prospect.UNKNOWN : first;
    }

    /** The same for all of its alternatives. */
    Prospects allProspects() {
        if (gang == null) {
            return foreseen.of(image);
        }
        List<Map<String, Prospect>> each = new ArrayList<>();
        for (Workload member : gang.all()) {
            Prospects own = member.foreseen.of(member.image);
            if (!own.areNone()) {
                each.add(own.byEquipment());
            }
        }
        return each.isEmpty() ? Prospects.NONE : Prospects.of(each);
    }

    /** The images that it may still go on from. */
    List<String> neededImages() {
        List<String> needed = keptImages();
        if (pending != null) {
            needed.add(pending.directory());
        }
        return needed;
    }

    /** Which copies of its gang run; empty if it is a workload of its own. */
    String company() {
        Gang whole = gang == null ? beyond : gang;
        return whole == null ? "" : whole.company();
    }

    /** Which of its alternatives it has, by number; the fastest while it waits, but for the moment in which a plan tries another one. */
    int choice() {
        return choice;
    }

    void choose(int number) {
        choice = number;
        needs = spec.alternatives().get(number).needs();
    }

    /** The kind of the accelerators that it has, or may have first. */
    AcceleratorKind kind() {
        return spec.alternatives().get(choice).kind();
    }

    /** What it needs as it has it, or would have it. */
    Resources needs() {
        return needs;
    }

    /** What it needs where it has a claim. */
    Resources claimed() {
        return claim == null ? needs : spec.alternatives().get(claim.choice()).needs();
    }

    /** The most that it, and those that start with it, can come to have, whichever of their alternatives that is. */
    Resources most() {
        return ofAll(most);
    }

    /** What they wait for: the room on which they have a claim, else what they would have first. */
    Resources awaited() {
        return ofAll(claimed());
    }

    /** What they would have as one of their alternatives. */
    Resources demand(int alternative) {
        return ofAll(spec.alternatives().get(alternative).needs());
    }

    private Resources ofAll(Resources each) {
        return gang == null ? each : each.times(gang.all().size());
    }

    /** What they need, as they have it. */
    Resources demand() {
        return gang == null ? needs : gang.demand();
    }

    /** The newest image that is known of it, whether it would go on from that or not. */
    @Nullable ImageReference newestImage() {
        return pending == null ? image : pending;
    }

    WorkloadSnapshot snapshot(long now) {
        return new WorkloadSnapshot(
                view(now),
                key,
                number,
                claim != null && claim.certain(),
                claim == null ? 0 : claim.choice(),
                intent,
                lastEpoch,
                preparation,
                stranded,
                startImage,
                imageOutput,
                foreseen.all(),
                new TroubleSnapshot(
                        earlier, earlierOutput, failures, wentBack, wasKilled, failedOn, failedAs, setbacks, warning),
                queuedAt,
                runningSince,
                upAt,
                stateSince,
                imageAt,
                suspendMillis,
                resumeMillis,
                notBefore,
                spareUntil,
                service.snapshot(),
                member());
    }

    private @Nullable MemberSnapshot member() {
        Gang any = gang == null ? beyond : gang;
        return any == null
                ? null
                : new MemberSnapshot(
                        any.id,
                        index,
                        beyond != null,
                        pending,
                        fresh,
                        asked,
                        any.broken,
                        any.hold,
                        any.setAt,
                        any.gatheredUntil);
    }

    List<String> keptImages() {
        List<String> kept = new ArrayList<>();
        // What another node gets ready from may be older than the newest.
        ImageReference base = preparation == null ? null : preparation.base();
        for (ImageReference each : Arrays.asList(earlier, startImage, base, image)) {
            if (each != null) {
                // An image that it went back from is newer than the others, but not needed.
                kept.remove(each.directory());
                kept.add(each.directory());
            }
        }
        return kept;
    }

    void note(long now, String reason) {
        if (history.size() == MOST_EVENTS) {
            // The beginning of a life is worth more than its middle.
            history.remove(MOST_EVENTS / 2);
        }
        history.add(new Event(now, state, epoch, node, reason));
    }

    List<OutputPart> baseAnd(long output) {
        List<OutputPart> parts = new ArrayList<>(base);
        parts.add(new OutputPart(epoch, output));
        return List.copyOf(parts);
    }

    WorkloadView view(long now) {
        List<OutputPart> certain = state.isEnded() ? finalOutput : imageOutput;
        return new WorkloadView(
                id,
                spec,
                standing,
                state,
                epoch,
                node,
                piece.devices(),
                choice,
                claim == null ? null : claim.node(),
                image,
                certain,
                base,
                exitCode,
                submittedAt,
                attempt,
                problem,
                service.share(now),
                standing.guarantee(),
                List.copyOf(history));
    }
}
