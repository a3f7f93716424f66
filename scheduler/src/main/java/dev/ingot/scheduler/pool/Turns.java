package dev.ingot.scheduler.pool;

import java.util.HashMap;
import java.util.Map;

/**
 * What one workload that waits, or could be faster, may take from other tenants of its standing, by suspension: as much as leaves them with no less than its own
 * tenant then has; and where its tenant holds nothing and had markedly less lately, anything. Not thread-safe.
 */
final class Turns {
    private final Planner planner;
    private final Shares shares;
    private final Tier standing;
    private final double after;
    /** The tenants from which it may take anything at all; to each, whether it may take everything. */
    private final Map<String, Boolean> tenants = new HashMap<>();

    Turns(Workload preemptor, Planner planner, Prey prey, Shares shares) {
        this.planner = planner;
        this.shares = shares;
        this.standing = preemptor.standing;
        String own = preemptor.spec.tenant();
        // What it has, if it runs, it leaves.
        Resources held = planner.held(own).minus(preemptor.piece.total());
        this.after = shares.share(held.plus(preemptor.demand()));
        boolean empty = held.equals(Resources.NONE);
        if (standing == Tier.PREMIUM || !planner.mayTakeTurns(empty)) {
            return;
        }
        for (String other : shares.holders()) {
            boolean turn = empty && planner.hadMore(other, own);
            if (!other.equals(own) && (turn || hasMore(other, prey))) {
                tenants.put(other, turn);
            }
        }
    }

    private boolean hasMore(String tenant, Prey prey) {
        Resources held = planner.held(tenant);
        if (after < shares.share(held)) {
            for (Resources loss : prey.losses(standing, tenant)) {
                if (leavesEnough(held, loss)) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean leavesEnough(Resources held, Resources loss) {
        double left = shares.share(held.minus(loss));
        return after <= left && left < shares.share(held);
    }

    boolean areNone() {
        return tenants.isEmpty();
    }

    /** Whether it may take {@code amount} from a tenant of that standing. */
    boolean mayTake(String tenant, Tier other, Resources amount) {
        Boolean everything = other == standing ? tenants.get(tenant) : null;
        if (everything == null) {
            return false;
        }
        return everything || leavesEnough(planner.held(tenant), amount);
    }
}
