package dev.ingot.accelerator.onnx;

import dev.ingot.accelerator.operation.Scalars;

/** What the engine can compute: a model, and which part of the operands it is given for which items. Immutable. */
interface EngineFunction {
    /** The whole as a file of ONNX. */
    byte[] model();

    /** Behind the block that {@code item} is in. */
    long endOfBlock(long item, Scalars scalars);

    /** Gives {@code block} what the model needs for the items from {@code first} to {@code end}, which lie in one block. */
    void cut(Block block, Scalars scalars, long first, long end);
}
