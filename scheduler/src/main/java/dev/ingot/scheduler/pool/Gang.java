package dev.ingot.scheduler.pool;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.StringJoiner;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Copies of one program that start, stop and go back together. Confined to the core's writer.
 *
 * <p>Those of its members that have not ended yet are meant wherever it is spoken of all of them. Some copies may be <em>beyond</em> the
 * least number: they are workloads of their own, which run only while the gang does.
 */
final class Gang {
    /** That of the first member. */
    final String id;

    private final List<Workload> members = new ArrayList<>();
    /** Null if it has to be found out anew. */
    private @Nullable List<Workload> all;

    private final List<Workload> beyond = new ArrayList<>();

    /** Whether a member was lost with what it had done since the last set of images, so that all have to go back to that. */
    boolean broken;
    /** Whether somebody wants it held once all stand. */
    boolean hold;
    /** When its last set of images was complete, or given up. */
    long setAt;
    /** Until when the images of a set are waited for that running members were asked for; 0 if none is. */
    long gatheredUntil;

    Gang(String id) {
        this.id = id;
    }

    /** Which copies run, and what the nodes were told of that; null if it has to be found out anew. */
    private @Nullable String company;

    private String told = "";

    /** Those that have not ended, by index. */
    List<Workload> all() {
        if (all == null) {
            all = members.stream().filter(member -> !member.state.isEnded()).toList();
        }
        return all;
    }

    /** Another of its copies runs or does not, has ended, or goes on after its end. */
    void membersChanged() {
        all = null;
        company = null;
    }

    /** Also those that have ended. */
    List<Workload> everyMember() {
        return members;
    }

    void add(Workload member) {
        members.add(member);
        membersChanged();
    }

    void addBeyond(Workload copy) {
        beyond.add(copy);
    }

    /** The copies beyond the least number, also those that have ended. */
    List<Workload> beyond() {
        return beyond;
    }

    /** Which copies run, or are being started, as in {@code 0-2,5}. */
    String company() {
        if (company == null) {
            BitSet running = new BitSet();
            for (List<Workload> copies : List.of(members, beyond)) {
                for (Workload copy : copies) {
                    running.set(
                            copy.index, copy.state == WorkloadState.STARTING || copy.state == WorkloadState.RUNNING);
                }
            }
            company = ranges(running);
        }
        return company;
    }

    private static String ranges(BitSet numbers) {
        StringJoiner ranges = new StringJoiner(",");
        for (int first = numbers.nextSetBit(0); first >= 0; ) {
            int last = numbers.nextClearBit(first) - 1;
            ranges.add(first == last ? Integer.toString(first) : first + "-" + last);
            first = numbers.nextSetBit(last + 1);
        }
        return ranges.toString();
    }

    /** Whether other copies run than when this was asked last. */
    boolean takeRegrouped() {
        boolean regrouped = !company().equals(told);
        told = company();
        return regrouped;
    }

    /** Whether copies beyond the least number may run: all others do, or have come to their end. */
    boolean isUp() {
        return every(member -> member.state == WorkloadState.STARTING || member.state == WorkloadState.RUNNING);
    }

    /** Whether nothing is to be done for it until something changes: all of it that is to run does, or nobody does. */
    boolean isSettled() {
        boolean stands = every(member -> member.state == WorkloadState.QUEUED)
                || every(member -> member.state == WorkloadState.HELD);
        return hasEnded() || isUp() || (stands && beyond.stream().noneMatch(copy -> copy.state.isPlaced()));
    }

    /** Whether nobody of it is left. */
    boolean hasEnded() {
        return all().isEmpty() && beyond.stream().allMatch(copy -> copy.state.isEnded());
    }

    /** Who stands in the queue for all; any once all have ended. */
    Workload leader() {
        return all().isEmpty() ? members.get(0) : all().get(0);
    }

    boolean any(Predicate<Workload> what) {
        for (Workload member : all()) {
            if (what.test(member)) {
                return true;
            }
        }
        return false;
    }

    boolean every(Predicate<Workload> what) {
        return !any(what.negate());
    }

    /** Whether images count only as sets; one member alone has images like a workload of its own. */
    boolean hasSets() {
        return leader().spec.gang() > 1;
    }

    /** What all need together. */
    Resources demand() {
        return leader().needs().times(all().size());
    }

    /** The images that members were asked for are waited for no more, and those that have come are no set. */
    void stopGathering() {
        gatheredUntil = 0;
        for (Workload member : members) {
            member.asked = false;
            member.fresh = false;
        }
    }
}
