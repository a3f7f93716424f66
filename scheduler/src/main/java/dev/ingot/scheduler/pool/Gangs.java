package dev.ingot.scheduler.pool;

import java.util.ArrayList;
import java.util.List;

/**
 * Keeps the members of gangs together. Confined to the core's writer.
 *
 * <h2>Stopping</h2>
 *
 * Where one member stops, all stop. If it was suspended, the others are, too, and the images of all are a <em>set</em>. If it was lost,
 * the others are ended as they are, and all go on from the last set: what they did since then, they did with one that forgot it. The next
 * epoch begins only once all stand.
 *
 * <h2>Sets of images</h2>
 *
 * While all run, images are asked of all at once, as often as the workload wants them. They count only when all are there. So whatever
 * happens, the images that members would go on from are those of one set.
 */
final class Gangs {
    private static final long LEAST_PATIENCE_MILLIS = 30_000;

    private final Registry registry;
    private final Repair repair;

    Gangs(Registry registry, Repair repair) {
        this.registry = registry;
        this.repair = repair;
    }

    void keepTogether(long now) {
        for (Gang gang : registry.gangs().restless()) {
            endTogether(now, gang);
            if (!gang.isUp()) {
                stopBeyond(now, gang);
            }
            if (gang.any(Gangs::isStopping)) {
                stopTogether(now, gang);
            }
            if (gang.every(member -> !member.state.isPlaced())) {
                standTogether(now, gang);
            }
            registry.gangs().calm(gang);
        }
    }

    private static boolean isStopping(Workload member) {
        return switch (member.state) {
            case QUEUED, HELD, SUSPENDING -> true;
            case STARTING, RUNNING, CANCELLING, DONE, FAILED, CANCELLED -> false;
        };
    }

    private static boolean isUp(Workload member) {
        return member.state == WorkloadState.STARTING || member.state == WorkloadState.RUNNING;
    }

    /** A member that fails, or is cancelled, takes the others with it; one that comes to its own end does not. */
    private void endTogether(long now, Gang gang) {
        List<Workload> copies = new ArrayList<>(gang.everyMember());
        copies.addAll(gang.beyond());
        for (Workload cause : copies) {
            boolean isCause = cause.state == WorkloadState.FAILED
                    || cause.state == WorkloadState.CANCELLED
                    || cause.state == WorkloadState.CANCELLING;
            if (isCause) {
                for (Workload member : copies) {
                    end(now, member, "ends with " + cause.id + ", which is of the same gang");
                }
                return;
            }
        }
    }

    private void end(long now, Workload member, String reason) {
        if (member.state == WorkloadState.QUEUED || member.state == WorkloadState.HELD) {
            member.finalOutput = member.imageOutput;
            registry.to(now, member, WorkloadState.CANCELLED, reason);
        } else if (member.state != WorkloadState.CANCELLING && !member.state.isEnded()) {
            registry.to(now, member, WorkloadState.CANCELLING, reason);
        }
    }

    /** Copies beyond the least number have images of their own, so how the others stop is nothing to them. */
    private void stopBeyond(long now, Gang gang) {
        for (Workload copy : gang.beyond()) {
            if (isUp(copy) && copy.spareUntil <= now) {
                registry.beginSuspend(now, copy, Intent.MAKE_ROOM, "with its gang");
            }
        }
    }

    private void stopTogether(long now, Gang gang) {
        if (gang.gatheredUntil > 0) {
            gang.stopGathering();
        }
        boolean held = gang.any(member -> member.state == WorkloadState.HELD
                || (member.state == WorkloadState.SUSPENDING && member.intent == Intent.HOLD));
        for (Workload member : gang.all()) {
            if (gang.broken && member.state == WorkloadState.SUSPENDING) {
                gang.hold |= member.intent == Intent.HOLD;
                registry.endInstead(member);
            } else if (gang.broken && isUp(member)) {
                registry.beginSuspend(now, member, Intent.GO_BACK, "goes back with its gang");
            } else if (isUp(member) && member.spareUntil <= now) {
                registry.beginSuspend(now, member, held ? Intent.HOLD : Intent.MAKE_ROOM, "with its gang");
            }
        }
    }

    /** All stand. */
    private void standTogether(long now, Gang gang) {
        List<Workload> all = gang.all();
        if (!gang.broken && !all.isEmpty() && gang.every(member -> member.fresh)) {
            complete(now, gang);
        }
        gang.stopGathering();
        gang.broken = false;
        if (gang.hold || gang.any(member -> member.state == WorkloadState.HELD)) {
            gang.hold = false;
            for (Workload member : all) {
                if (member.state == WorkloadState.QUEUED) {
                    registry.to(now, member, WorkloadState.HELD, "held with its gang");
                }
            }
        }
    }

    /** Asks for the images of a set where it is time, and gives up on those that do not come. */
    void gather(long now) {
        for (Gang gang : registry.gangs().periodic()) {
            if (gang.gatheredUntil > 0 && gang.gatheredUntil <= now) {
                gang.stopGathering();
                gang.setAt = now;
                changed(gang);
            } else if (gang.gatheredUntil == 0 && isDue(now, gang)) {
                gang.gatheredUntil = now + Math.max(LEAST_PATIENCE_MILLIS, period(gang));
                for (Workload member : gang.all()) {
                    member.fresh = false;
                    member.asked = true;
                }
                changed(gang);
            }
        }
    }

    private void changed(Gang gang) {
        gang.all().forEach(registry::changed);
    }

    private static long period(Gang gang) {
        // Those beyond the least number may be the last.
        return gang.all().isEmpty() ? 0 : gang.leader().spec.checkpointMillis();
    }

    private static boolean isDue(long now, Gang gang) {
        return period(gang) > 0
                && gang.hasSets()
                && !gang.all().isEmpty()
                && gang.every(member -> member.state == WorkloadState.RUNNING)
                && dueAt(gang) <= now;
    }

    private static long dueAt(Gang gang) {
        long since = gang.setAt;
        for (Workload member : gang.all()) {
            since = Math.max(since, member.runningSince);
        }
        return since + period(gang);
    }

    /** A member has written an image. */
    void imageTaken(long now, Workload member, Gang gang, ImageReference image, boolean isLast) {
        member.pending = image;
        if (member.asked || isLast) {
            member.asked = false;
            member.fresh = true;
            registry.changed(member);
        }
        if (gang.gatheredUntil > 0 && gang.every(each -> each.fresh)) {
            complete(now, gang);
            gang.stopGathering();
        }
    }

    private void complete(long now, Gang gang) {
        for (Workload member : gang.all()) {
            ImageReference image = member.pending;
            if (image != null) {
                repair.imageTaken(now, member, image);
            }
            member.pending = null;
        }
        gang.setAt = now;
    }

    /** When time alone changes something next. */
    long nextTick(long now) {
        long next = Long.MAX_VALUE;
        for (Gang gang : registry.gangs().periodic()) {
            next = Math.min(next, later(now, gang.gatheredUntil));
            if (period(gang) > 0 && gang.every(member -> member.state == WorkloadState.RUNNING)) {
                next = Math.min(next, later(now, dueAt(gang)));
            }
        }
        for (Gang gang : registry.gangs().restless()) {
            if (!gang.isUp()) {
                for (Workload member : gang.all()) {
                    next = Math.min(next, later(now, member.spareUntil));
                }
                for (Workload copy : gang.beyond()) {
                    next = Math.min(next, later(now, copy.spareUntil));
                }
            }
        }
        return next;
    }

    private static long later(long now, long time) {
        return time > now ? time : Long.MAX_VALUE;
    }
}
