package jdk.crac;

/** Something that has to prepare for a checkpoint and to recover after it. */
public interface Resource {

    /**
     * Called before the checkpoint, newest registration first.
     *
     * @throws Exception to veto the checkpoint; the other resources are notified all the same
     */
    void beforeCheckpoint(Context<? extends Resource> context) throws Exception;

    /**
     * Called after the restore, oldest registration first; also when the checkpoint was vetoed or failed.
     *
     * @throws Exception if the resource cannot recover; the other resources are notified all the same
     */
    void afterRestore(Context<? extends Resource> context) throws Exception;
}
