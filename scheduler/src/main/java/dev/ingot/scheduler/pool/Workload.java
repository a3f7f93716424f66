package dev.ingot.scheduler.pool;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A workload in the core's state. Confined to the core's writer; only {@link Pool} changes it. */
final class Workload {
    /** Within a tier: the higher priority, then who came first. Never changes. */
    static final Comparator<Workload> SENIORITY = Comparator.<Workload, Integer>comparing(
                    workload -> workload.spec.priority(), Comparator.reverseOrder())
            .thenComparingLong(workload -> workload.number);

    /** Who is placed first: the stronger standing, then seniority. */
    static final Comparator<Workload> RANK =
            Comparator.<Workload, Tier>comparing(workload -> workload.standing).thenComparing(SENIORITY);

    private static final int MOST_EVENTS = 200;

    final String id;
    final long number;
    final WorkloadSpec spec;
    final long submittedAt;

    WorkloadState state = WorkloadState.QUEUED;
    /** The tier it is treated as: Premium beyond its tenant's reservation is Standard. */
    Tier standing;
    /** Grows each time it is placed; whoever holds an older one is ignored. */
    long epoch;

    @Nullable String node;

    @Nullable Claim claim;

    Intent intent = Intent.MAKE_ROOM;
    /** Requests to suspend it in this epoch. */
    long attempt;

    @Nullable ImageReference image;
    /** What its present epoch began with. */
    @Nullable ImageReference startImage;
    /** All it had written at {@link #image}. */
    List<OutputPart> imageOutput = List.of();
    /** All it had written when its epoch began. */
    List<OutputPart> base = List.of();
    /** All it wrote, once it has ended. */
    List<OutputPart> finalOutput = List.of();

    int exitCode;

    @Nullable String problem;
    /** Crashes since its newest image. */
    int failures;

    long queuedAt;
    long runningSince;
    /** Not started before. */
    long notBefore;
    /** Not suspended for others before. */
    long spareUntil;

    private final List<Event> history = new ArrayList<>();

    Workload(String id, long number, WorkloadSpec spec, long submittedAt) {
        this.id = id;
        this.number = number;
        this.spec = spec;
        this.submittedAt = submittedAt;
        this.standing = spec.tier();
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

    WorkloadView view() {
        List<OutputPart> certain = state.isEnded() ? finalOutput : imageOutput;
        return new WorkloadView(
                id,
                spec,
                standing,
                state,
                epoch,
                node,
                claim == null ? null : claim.node(),
                image,
                certain,
                base,
                exitCode,
                submittedAt,
                attempt,
                problem,
                List.copyOf(history));
    }
}
