package dev.ingot.scheduler.pool;

/** Why a workload is being suspended, and so what it becomes. */
public enum Intent {
    /** Somebody asked; it is held. */
    HOLD,
    /** Another workload needs the room, or its own node does not keep it; it queues again. */
    MAKE_ROOM,
    /** It goes to the node that keeps room for it. */
    MIGRATE,
    /** It is ended without an image: its gang goes back to the images that all of them have; it queues again. */
    GO_BACK
}
