package dev.ingot.scheduler.pool;

import java.util.HashMap;
import java.util.Map;

/**
 * What one workload that waits, or could be faster, may take from other tenants of its standing, by suspension: as much as leaves them with no less than its own
 * tenant then has; and where its tenant holds nothing and had markedly less lately, anything. Tenants that are parts of the same one are compared
 * with each other; of others, those are of which they are parts. Not thread-safe.
 */
final class Turns {
    private final Planner planner;
    private final Shares shares;
    private final Workload preemptor;
    private final String own;
    /** Those from which it may take anything at all. */
    private final Map<String, Rival> rivals = new HashMap<>();
    /** What there would be of its own tenant, as far as others are compared with that. */
    private final Map<String, Side> sides = new HashMap<>();

    /**
     * Who is compared with another one.
     *
     * @param after what it would hold
     * @param empty whether it holds nothing now
     */
    private record Side(double after, boolean empty) {}

    /** @param everything whether everything may be taken from it */
    private record Rival(Side side, boolean everything) {}

    Turns(Workload preemptor, Planner planner, Prey prey, Shares shares) {
        this.planner = planner;
        this.shares = shares;
        this.preemptor = preemptor;
        this.own = preemptor.spec.tenant();
        // Whatever it is compared as holds that as well.
        String least = shares.hasParts(own) ? TenantPath.own(own) : own;
        boolean empty = planner.held(least).minus(preemptor.piece.total()).equals(Resources.NONE);
        if (preemptor.standing == Tier.PREMIUM || !planner.mayTakeTurns(empty)) {
            return;
        }
        for (String other : shares.holders()) {
            if (!other.equals(own)) {
                String mine = TenantPath.rival(own, other);
                Side side = sides.computeIfAbsent(mine, this::side);
                if (planner.mayTakeTurns(side.empty)) {
                    compare(other, mine, side, prey);
                }
            }
        }
    }

    private Side side(String mine) {
        // What it has, if it runs, it leaves.
        Resources held = planner.held(mine).minus(preemptor.piece.total());
        return new Side(shares.share(held.plus(preemptor.demand())), held.equals(Resources.NONE));
    }

    private void compare(String other, String mine, Side side, Prey prey) {
        String theirs = rival(other);
        boolean turn = side.empty && planner.hadMore(theirs, mine);
        if (turn || hasMore(other, theirs, side, prey)) {
            rivals.put(theirs, new Rival(side, turn));
        }
    }

    /** As what a tenant is compared: what is taken from others that are parts of the same one counts together. */
    String rival(String tenant) {
        return TenantPath.rival(tenant, own);
    }

    private boolean hasMore(String tenant, String theirs, Side side, Prey prey) {
        Resources held = planner.held(theirs);
        if (side.after < shares.share(held)) {
            for (Resources loss : prey.losses(preemptor.standing, tenant)) {
                if (leavesEnough(held, loss, side)) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean leavesEnough(Resources held, Resources loss, Side side) {
        double left = shares.share(held.minus(loss));
        return side.after <= left && left < shares.share(held);
    }

    boolean areNone() {
        return rivals.isEmpty();
    }

    /** Whether it may take {@code amount} from a tenant of that standing. */
    boolean mayTake(String tenant, Tier other, Resources amount) {
        if (rivals.isEmpty() || other != preemptor.standing || tenant.equals(own)) {
            return false;
        }
        String theirs = rival(tenant);
        Rival rival = rivals.get(theirs);
        return rival != null && (rival.everything || leavesEnough(planner.held(theirs), amount, rival.side));
    }
}
