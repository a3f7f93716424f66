package dev.ingot.agent.weave;

import java.util.List;
import org.objectweb.asm.tree.LabelNode;

/**
 * What weaving a method gave.
 *
 * @param sites in the order of the code
 * @param begins per site the label at its instruction
 * @param copiesReceiver whether the object it was called on is kept in a local of its own, and the local it was in like any other
 * @param continuations per site as {@link Continuation#hashes} has them; empty unless the shape asks for them
 */
@SuppressWarnings("ArrayRecordComponent") // No two are ever compared.
record WovenMethod(List<Site> sites, List<LabelNode> begins, boolean copiesReceiver, int[] continuations) {
    /** Nothing was woven. */
    static WovenMethod none() {
        return new WovenMethod(List.of(), List.of(), false, new int[0]);
    }
}
