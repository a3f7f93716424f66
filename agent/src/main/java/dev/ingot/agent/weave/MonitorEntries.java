package dev.ingot.agent.weave;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LookupSwitchInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TryCatchBlockNode;
import org.objectweb.asm.tree.VarInsnNode;

/**
 * The places where a method enters monitors. Each notes the monitor's object for the handlers. A rebuild goes through the program's
 * own instructions, outermost first, because the compilers refuse a method in which a monitor is entered at two places.
 */
final class MonitorEntries {
    private final MethodNode method;
    private final InsnList code;
    private final MethodAnalysis analysis;
    private final WeaverLocals locals;
    private final Emitter emit;

    private final Map<AbstractInsnNode, LabelNode> begins = new LinkedHashMap<>();
    private final Map<AbstractInsnNode, AbstractInsnNode> begunBy = new LinkedHashMap<>();
    private final Map<AbstractInsnNode, LabelNode> dispatches = new LinkedHashMap<>();
    private final Map<Integer, LabelNode> releases = new LinkedHashMap<>();

    MonitorEntries(MethodNode method, MethodAnalysis analysis, WeaverLocals locals, Emitter emit) {
        this.method = method;
        this.code = method.instructions;
        this.analysis = analysis;
        this.locals = locals;
        this.emit = emit;
    }

    void weave() {
        if (!locals.hasMonitors()) {
            return;
        }
        for (MethodAnalysis.MonitorEntry entry : analysis.monitorEntries()) {
            protectFrom(entry.instruction());
            if (locals.hasPending()) {
                begins.put(entry.instruction(), new LabelNode());
            }
            InsnList before = new InsnList();
            InsnNode duplicate = new InsnNode(Opcodes.DUP);
            before.add(duplicate);
            begunBy.put(entry.instruction(), entry.lock() == null ? duplicate : entry.begin());
            before.add(new VarInsnNode(Opcodes.ASTORE, locals.monitor(entry.depth())));
            code.insertBefore(entry.instruction(), before);
            if (locals.hasPending()) {
                LabelNode dispatch = new LabelNode();
                dispatches.put(entry.instruction(), dispatch);
                InsnList after = new InsnList();
                after.add(new VarInsnNode(Opcodes.ILOAD, locals.pending()));
                after.add(new JumpInsnNode(Opcodes.IFNE, dispatch));
                code.insert(entry.instruction().getNext(), after);
            }
        }
    }

    /** Marks where a rebuild comes in, behind any poll that stands at the same place: it looks for none until all is rebuilt. */
    void insertBegins() {
        begins.forEach((instruction, label) -> {
            MethodAnalysis.MonitorEntry entry = at(instruction);
            AbstractInsnNode first = requireNonNull(begunBy.get(instruction));
            code.insertBefore(first, label);
            if (MethodAnalysis.frameAt(first) == null) {
                code.insertBefore(first, Frames.node(locals.atBegin(entry), entry.stackAtBegin()));
            }
        });
    }

    /**
     * Lets the handlers that leave a monitor begin right after it was entered. What is woven there could throw for all the
     * compilers know, and they refuse a method that could end with a monitor held.
     */
    private void protectFrom(AbstractInsnNode monitorEnter) {
        LabelNode entered = new LabelNode();
        for (AbstractInsnNode insn = monitorEnter.getNext();
                insn != null && insn.getOpcode() < 0;
                insn = insn.getNext()) {
            for (TryCatchBlockNode block : method.tryCatchBlocks) {
                if (block.type == null && block.start == insn) {
                    block.start = entered;
                }
            }
        }
        code.insert(monitorEnter, entered);
    }

    /** Where the entry begins, in a resumable method; otherwise {@code otherwise}. */
    LabelNode beginOf(AbstractInsnNode instruction, LabelNode otherwise) {
        return begins.getOrDefault(instruction, otherwise);
    }

    /** The instruction after which a monitor counts as entered: in the resumable variant the check for a rebuild. */
    AbstractInsnNode endOf(AbstractInsnNode instruction) {
        AbstractInsnNode entered = instruction.getNext();
        return locals.hasPending() ? entered.getNext().getNext() : entered;
    }

    MethodAnalysis.MonitorEntry at(AbstractInsnNode instruction) {
        for (MethodAnalysis.MonitorEntry entry : analysis.monitorEntries()) {
            if (entry.instruction() == instruction) {
                return entry;
            }
        }
        throw new IllegalStateException("no monitor is entered there");
    }

    /**
     * The locals in which the objects of monitors are kept that were entered by {@code monitors}, as far as they are known and not
     * passed by the caller.
     */
    List<SavedLocal> lockLocals(List<AbstractInsnNode> monitors) {
        List<SavedLocal> kept = new ArrayList<>();
        for (AbstractInsnNode monitor : monitors) {
            LockLocal lock = at(monitor).lock();
            if (lock != null && !locals.isReceiver(lock.asSaved())) {
                kept.add(lock.asSaved());
            }
        }
        return kept;
    }

    /** Appends the way to a monitor's entry, with all the entry expects. */
    void enterAgain(MethodAnalysis.MonitorEntry entry) {
        emit.defaults(entry.locals(), lockLocals(entry.outer()));
        for (Object type : entry.stackBelow()) {
            emit.pushDefault(type);
        }
        bringObject(entry);
        emit.goTo(requireNonNull(begins.get(entry.instruction())));
    }

    /** Appends what puts the object to lock where the entry expects it when it begins. */
    void bringObject(MethodAnalysis.MonitorEntry entry) {
        LockLocal lock = entry.loadedFrom();
        if (lock != null && locals.isReceiver(lock.asSaved())) {
            return;
        }
        emit.push(entry.depth());
        emit.call("monitor", "(I)Ljava/lang/Object;");
        emit.cast(entry.stack().get(entry.stack().size() - 1));
        if (lock != null) {
            emit.add(Opcodes.ASTORE, lock.index());
        }
    }

    /**
     * Appends what follows each entry that a rebuild went through: on to the next one, or to where a site is restored.
     *
     * @param restores where that is, for each site with monitors
     */
    void insertDispatches(Function<Site, LabelNode> restores) {
        for (MethodAnalysis.MonitorEntry entry : analysis.monitorEntries()) {
            LabelNode dispatch = dispatches.get(entry.instruction());
            if (dispatch == null) {
                continue;
            }
            Object[] types = locals.at(entry, entry.depth() + 1);
            emit.label(dispatch, types, entry.stackBelow());
            emit.popAll(entry.stackBelow());
            dispatchAfter(entry, types, restores);
            release(dispatch, entry.depth() + 1);
        }
    }

    /**
     * Has what was appended since {@code start} leave this many monitors if it throws. It does not, but the compilers refuse a
     * method in which a call could end it with a monitor held.
     */
    void release(LabelNode start, int held) {
        LabelNode end = new LabelNode();
        code.add(end);
        LabelNode release = releases.computeIfAbsent(held, depth -> new LabelNode());
        method.tryCatchBlocks.add(new TryCatchBlockNode(start, end, release, null));
    }

    /** Appends what leaves monitors; last of all. */
    void insertReleases() {
        releases.forEach((held, label) -> {
            Object[] types = locals.empty();
            locals.addMonitors(types, held);
            emit.label(label, types, List.of("java/lang/Throwable"));
            for (int depth = held - 1; depth >= 0; depth--) {
                emit.add(Opcodes.ALOAD, locals.monitor(depth));
                emit.add(Opcodes.MONITOREXIT);
            }
            emit.add(Opcodes.ATHROW);
        });
    }

    private void dispatchAfter(MethodAnalysis.MonitorEntry entry, Object[] types, Function<Site, LabelNode> restores) {
        List<Integer> keys = new ArrayList<>();
        List<LabelNode> targets = new ArrayList<>();
        Map<AbstractInsnNode, LabelNode> inner = new LinkedHashMap<>();
        for (int k = 0; k < analysis.sites().size(); k++) {
            Site site = analysis.sites().get(k);
            List<AbstractInsnNode> monitors = site.monitors();
            if (entry.depth() >= monitors.size() || monitors.get(entry.depth()) != entry.instruction()) {
                continue;
            }
            keys.add(k + 1);
            targets.add(
                    entry.depth() + 1 < monitors.size()
                            ? inner.computeIfAbsent(monitors.get(entry.depth() + 1), next -> new LabelNode())
                            : restores.apply(site));
        }
        LabelNode unreachable = new LabelNode();
        int[] keyArray = new int[keys.size()];
        for (int i = 0; i < keyArray.length; i++) {
            keyArray[i] = keys.get(i);
        }
        emit.add(Opcodes.ILOAD, locals.pending());
        code.add(new LookupSwitchInsnNode(unreachable, keyArray, targets.toArray(new LabelNode[0])));
        inner.forEach((next, label) -> {
            emit.label(label, types, List.of());
            enterAgain(at(next));
        });
        emit.unreachable(unreachable, types);
    }
}
