package dev.ingot.agent.weave;

import org.objectweb.asm.tree.AbstractInsnNode;

/** Where a value on the operand stack can be had again when its frame is rebuilt. */
sealed interface StackSource {
    /** The object under construction, which a constructor keeps in its first local. */
    FromLocal RECEIVER = new FromLocal(0, 'A');

    /** A local that still holds the value: one of the program's, or one the value was copied to when it was pushed. */
    record FromLocal(int index, char sort) implements StackSource {}

    /** A constant, pushed anew. */
    record FromConstant(AbstractInsnNode push) implements StackSource {}

    /** The null that stands in for an object not created yet. */
    record Null() implements StackSource {}
}
