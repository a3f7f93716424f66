package dev.ingot.scheduler.pool;

/**
 * What going on from an image would be with the accelerators of a kind of node, as somebody outside of the core has found out.
 *
 * @param possible whether it can be at all
 * @param lostMillis how long it took what would be computed a second time
 * @param reason why it is not possible; empty if it is
 */
public record Prospect(boolean possible, long lostMillis, String reason) {
    /** Nothing is known against it. */
    static final Prospect UNKNOWN = new Prospect(true, 0, "");

    /** Under which name it is known what going on is with accelerators of one kind on nodes of that equipment. */
    public static String key(String equipment, AcceleratorKind kind) {
        return equipment + "/" + kind.text();
    }

    /** Of both together. */
    Prospect and(Prospect other) {
        if (!possible) {
            return this;
        }
        return other.possible ? new Prospect(true, lostMillis + other.lostMillis, "") : other;
    }
}
