package dev.ingot.scheduler.pool;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * The gangs of which not all copies have ended, those apart with which there is something to do: a pool can have many that just run, or just wait.
 * Confined to the core's writer.
 */
final class GangList {
    /** By id, in the order of their submission: those whose images are asked for from time to time. */
    private final Map<String, Gang> periodic = new LinkedHashMap<>();

    private final TreeSet<Gang> restless = new TreeSet<>(Comparator.comparing(gang -> gang.id));

    /** A gang has come or is changing; all of its members are there. */
    void stir(Gang gang) {
        if (gang.all().isEmpty()) {
            periodic.remove(gang.id);
        } else if (gang.leader().spec.checkpointMillis() > 0) {
            periodic.put(gang.id, gang);
        }
        restless.add(gang);
    }

    /** What was to be done about changes has been done. */
    void calm(Gang gang) {
        if (gang.isSettled()) {
            restless.remove(gang);
        }
    }

    /** Those that have changed, or are on their way from one state to another. */
    List<Gang> restless() {
        return new ArrayList<>(restless);
    }

    /** Those whose images are asked for from time to time. */
    Collection<Gang> periodic() {
        return periodic.values();
    }
}
