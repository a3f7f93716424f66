package dev.ingot.agent.weave;

import org.objectweb.asm.ClassWriter;

/** Computes stack map frames without loading a class. */
final class HierarchyClassWriter extends ClassWriter {
    private final ClassHierarchy hierarchy;

    HierarchyClassWriter(ClassHierarchy hierarchy) {
        super(COMPUTE_FRAMES);
        this.hierarchy = hierarchy;
    }

    @Override
    protected String getCommonSuperClass(String first, String second) {
        return hierarchy.commonSuperClass(first, second);
    }
}
