package dev.ingot.scheduler.control;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LeaseTableTest {
    private static final long LEASE = 1000;
    private static final long GRACE = 250;

    private final LeaseTable leases = new LeaseTable(LEASE);

    @Test
    void givesANodeUpOnlyAGraceBehindItsLease() {
        leases.renew("n", 0);

        assertThat(lookingUntil(LEASE + GRACE)).isFalse();
        assertThat(leases.expired(LEASE + GRACE + 1)).containsExactly("n");
    }

    @Test
    void keepsANodeThatIsHeard() {
        leases.renew("n", 0);
        assertThat(lookingUntil(LEASE)).isFalse();
        leases.renew("n", LEASE);

        assertThat(leases.expired(LEASE + GRACE + 1)).isEmpty();
    }

    @Test
    void givesNobodyUpForASilenceInWhichItDidNotListenItself() {
        leases.renew("n", 0);
        assertThat(leases.expired(0)).isEmpty();

        assertThat(leases.expired(10 * LEASE)).isEmpty();
        long awake = 10 * LEASE;
        boolean expired = false;
        for (long now = awake; now <= awake + LEASE + GRACE; now += GRACE) {
            expired |= !leases.expired(now).isEmpty();
        }
        assertThat(expired).isFalse();
        assertThat(leases.expired(awake + LEASE + GRACE + 1)).containsExactly("n");
    }

    @Test
    void isToldOnceOfEachSilenceOfHalfALease() {
        leases.renew("n", 0);
        assertThat(leases.late(LEASE / 2)).isEmpty();
        assertThat(leases.late(LEASE / 2 + 1)).containsExactly("n");
        assertThat(leases.late(LEASE / 2 + 2)).isEmpty();
        leases.renew("n", LEASE);
        assertThat(leases.late(LEASE)).isEmpty();

        assertThat(leases.late(LEASE + LEASE / 2 + 1)).containsExactly("n");
    }

    private boolean lookingUntil(long end) {
        boolean expired = false;
        for (long now = 0; now <= end; now += GRACE) {
            expired |= !leases.expired(now).isEmpty();
        }
        return expired;
    }
}
