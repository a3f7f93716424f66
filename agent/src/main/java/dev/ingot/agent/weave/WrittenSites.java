package dev.ingot.agent.weave;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Reads the sites of a method back from a written class file: the ranges of its exception handlers for the signal. Delegations,
 * which have none, are not found, so that threads in them are pinned.
 */
final class WrittenSites {
    private WrittenSites() {}

    private static final int UNKNOWN = -1;

    static int[] of(byte[] classFile, String name, String descriptor, BitSet delegations) {
        OffsetReader reader = new OffsetReader(classFile);
        List<Integer> starts = new ArrayList<>();
        reader.accept(
                new ClassVisitor(Opcodes.ASM9) {
                    @Override
                    public @Nullable MethodVisitor visitMethod(
                            int access, String method, String type, String signature, String[] exceptions) {
                        return method.equals(name) && type.equals(descriptor) ? rangesInto(starts, reader) : null;
                    }
                },
                ClassReader.SKIP_FRAMES | ClassReader.SKIP_DEBUG);
        int[] offsets = new int[starts.size() + delegations.cardinality()];
        int next = 0;
        for (int site = 0; site < offsets.length; site++) {
            offsets[site] = delegations.get(site) ? UNKNOWN : starts.get(next++);
        }
        return offsets;
    }

    private static MethodVisitor rangesInto(List<Integer> starts, OffsetReader reader) {
        return new MethodVisitor(Opcodes.ASM9) {
            @Override
            public void visitTryCatchBlock(Label start, Label end, Label handler, String type) {
                if (RuntimeNames.SIGNAL.equals(type)) {
                    starts.add(reader.offsets.get(start));
                }
            }
        };
    }

    /** A reader that remembers which offset each label stands for. */
    private static final class OffsetReader extends ClassReader {
        final Map<Label, Integer> offsets = new IdentityHashMap<>();

        OffsetReader(byte[] classFile) {
            super(classFile);
        }

        @Override
        protected Label readLabel(int bytecodeOffset, Label[] labels) {
            Label label = super.readLabel(bytecodeOffset, labels);
            offsets.put(label, bytecodeOffset);
            return label;
        }
    }
}
