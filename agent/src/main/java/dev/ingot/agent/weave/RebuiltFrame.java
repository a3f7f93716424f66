package dev.ingot.agent.weave;

import org.objectweb.asm.tree.MethodNode;

/**
 * How much stack a frame takes that is rebuilt.
 *
 * <p>The interpreter's frames can be told: a fixed part, the locals and the operands. Those of HotSpot's quicker compiler cannot, as it gives most
 * values a place of their own, those of inlined methods too. In some hundred methods of a few programs under torture they took, in bytes, hardly
 * more than half as much again as the resumable variant's code is long.
 */
final class RebuiltFrame {
    private static final int WORD = 8;
    private static final int FIXED_BYTES = 96;
    /** How much longer the resumable variant is for each site, about. */
    private static final int RESTORE_BYTES = 28;

    private RebuiltFrame() {}

    /**
     * An estimate in bytes.
     *
     * @param woven the method as it was woven
     * @param size of its code in bytes
     * @param sites how many it has
     */
    static int bytes(MethodNode woven, int size, MethodShape shape, int sites) {
        int interpreted = FIXED_BYTES + (woven.maxLocals + woven.maxStack) * WORD;
        int resumable = shape.resumable() ? size : size + sites * RESTORE_BYTES;
        boolean isCompiled = resumable <= CodeSize.HOTSPOT_COMPILE_LIMIT;
        return Math.max(interpreted, isCompiled ? FIXED_BYTES + resumable + resumable / 2 : 0);
    }
}
