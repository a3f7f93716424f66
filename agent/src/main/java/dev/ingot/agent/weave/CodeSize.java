package dev.ingot.agent.weave;

import org.objectweb.asm.commons.CodeSizeEvaluator;
import org.objectweb.asm.tree.MethodNode;

/** The size of a method's bytecode. */
final class CodeSize {
    /** Beyond this size, in bytes, HotSpot does not compile a method while its switch {@code DontCompileHugeMethods} is on. */
    static final int HOTSPOT_COMPILE_LIMIT = 8000;

    private CodeSize() {}

    /** An upper bound in bytes. */
    static int of(MethodNode method) {
        CodeSizeEvaluator evaluator = new CodeSizeEvaluator(null);
        method.accept(evaluator);
        return evaluator.getMaxSize();
    }
}
