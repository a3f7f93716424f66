package dev.ingot.scheduler.pool;

import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/** What a node has left, while a plan is being made. */
final class Room {
    /** The one with least left first. */
    static final Comparator<Room> TIGHTEST = Comparator.comparing(Room::place);

    final Node node;
    /** Whether something is planned with it. */
    boolean isTouched;
    /** Taken by nobody now. */
    private Space free;
    /** Taken now, by workloads that are being suspended. */
    private Space releasing;
    /** Kept for workloads that come before the one being looked at. */
    private Space claimed = Space.NONE;
    /** Of that, what was kept before this plan. */
    private Space promised = Space.NONE;

    private Space expected;
    private Space now;
    /** How many more workloads its node may take, whatever they need. */
    private int most;

    Room(Node node) {
        this.node = node;
        this.free = node.free();
        this.releasing = node.releasing;
        this.most = node.mostNew();
        this.expected = free.plus(releasing);
        this.now = free.least(expected);
    }

    private void update() {
        expected = free.plus(releasing).minus(claimed);
        now = free.least(expected);
    }

    Space free() {
        return free;
    }

    /** Somebody comes. */
    void take(Space piece) {
        free = free.minus(piece);
        most--;
        update();
    }

    /** Somebody is to go. */
    void release(Space amount) {
        releasing = releasing.plus(amount);
        update();
    }

    /** Somebody is to come later, as was found by an earlier plan. */
    void promise(Resources needs) {
        claim(expected.piece(needs, free));
        promised = claimed;
    }

    /** Somebody is to come later. */
    void claim(Space piece) {
        claimed = claimed.plus(piece);
        update();
    }

    /** What is planned of it but who starts there. */
    Plan plan() {
        return new Plan(releasing, claimed);
    }

    /** All that was planned since is not. */
    void goBackTo(@Nullable Plan plan) {
        releasing = plan == null ? node.releasing : plan.releasing;
        claimed = plan == null ? promised : plan.claimed;
        update();
    }

    /** Who is to go, and who is to come later. */
    record Plan(Space releasing, Space claimed) {}

    /** What will be free once everything being suspended has gone and everybody in front has come. */
    Space expected() {
        return expected;
    }

    /** Taken by nobody, and kept for nobody. */
    Space now() {
        return now;
    }

    boolean fitsNow(Resources needs) {
        return most > 0 && now.fits(needs);
    }

    /** How many times there is room now. */
    int timesNow(Resources needs) {
        return now.times(needs, most);
    }

    /** How many times there will be room. */
    int timesLater(Resources needs) {
        return expected.times(needs, most);
    }

    /** How many times there is room once it is empty. */
    int timesEver(Resources needs) {
        return node.whole().times(needs, most);
    }

    TightestFirst.Place place() {
        return new TightestFirst.Place(free, node.name);
    }
}
