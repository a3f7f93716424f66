package dev.ingot.agent.weave;

import java.util.Arrays;
import java.util.List;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.VarInsnNode;

/** The locals that the weaver adds to a method, behind the program's, and how both are typed where the weaver's code stands. */
final class WeaverLocals {
    static final int NONE = -1;

    private final MethodAnalysis analysis;
    private final Frames frames;
    private final Object[] entryLocals;
    private final boolean isStatic;
    private final int receiverCopy;
    private final int pending;
    private final int constructed;
    private final int firstMonitor;

    /** Adds them to the method's locals. */
    WeaverLocals(String owner, MethodNode method, MethodShape shape, Prologue prologue, MethodAnalysis analysis) {
        this.analysis = analysis;
        this.isStatic = (method.access & Opcodes.ACC_STATIC) != 0;
        this.receiverCopy = !isStatic && losesReceiver(method, prologue) ? method.maxLocals++ : NONE;
        boolean holdsMonitors = !analysis.monitorEntries().isEmpty();
        this.pending = shape.resumable() && holdsMonitors ? method.maxLocals++ : NONE;
        this.constructed = shape.resumable() && constructs(analysis.sites()) ? method.maxLocals++ : NONE;
        int depth = holdsMonitors ? 1 + deepest(analysis.monitorEntries()) : 0;
        this.firstMonitor = depth == 0 ? NONE : method.maxLocals;
        method.maxLocals += depth;
        this.frames = new Frames(owner, method.maxLocals);
        this.entryLocals = frames.initial(method);
    }

    private static boolean losesReceiver(MethodNode method, Prologue prologue) {
        for (AbstractInsnNode insn : method.instructions) {
            if (insn instanceof VarInsnNode store && store.var == 0 && store.getOpcode() >= Opcodes.ISTORE) {
                return true;
            }
            // Some compilers leave it out of a frame after which it is not used any more.
            boolean dropped =
                    insn instanceof FrameNode frame && (frame.local.isEmpty() || frame.local.get(0) == Opcodes.TOP);
            if (dropped && prologue == Prologue.NONE) {
                return true;
            }
        }
        return false;
    }

    private static boolean constructs(List<Site> sites) {
        for (Site site : sites) {
            if (site.kind().constructs() || site.kind().delegates()) {
                return true;
            }
        }
        return false;
    }

    private static int deepest(List<MethodAnalysis.MonitorEntry> entries) {
        int depth = 0;
        for (MethodAnalysis.MonitorEntry entry : entries) {
            depth = Math.max(depth, entry.depth());
        }
        return depth;
    }

    boolean isStatic() {
        return isStatic;
    }

    /** Holds the receiver where the program overwrites it or forgets it; otherwise {@link #NONE}. */
    int receiverCopy() {
        return receiverCopy;
    }

    boolean copiesReceiver() {
        return receiverCopy != NONE;
    }

    /** Where a receiver is that has been initialized. */
    int receiver() {
        return copiesReceiver() ? receiverCopy : 0;
    }

    /** In a resumable method that enters monitors: one more than the site under way again while they are entered again, or 0. */
    int pending() {
        return pending;
    }

    boolean hasPending() {
        return pending != NONE;
    }

    /**
     * In a resumable method: holds the object whose constructor is under way again, from the re-entry of its creation to the
     * constructor's end.
     */
    int constructed() {
        return constructed;
    }

    boolean hasConstructed() {
        return constructed != NONE;
    }

    boolean hasMonitors() {
        return firstMonitor != NONE;
    }

    /** Holds the object of the monitor that was entered when {@code depth} were held; only if there are monitors. */
    int monitor(int depth) {
        return firstMonitor + depth;
    }

    /** The first local that the program's caller does not pass. */
    int firstRestored() {
        return isStatic || copiesReceiver() ? 0 : 1;
    }

    /** The receiver is passed again by the caller and needs no saving of its own. */
    boolean isReceiver(SavedLocal saved) {
        return saved.index() == 0 && !isStatic && !copiesReceiver();
    }

    // ---- types

    /** A frame's locals by slot, all unset. */
    Object[] empty() {
        return frames.empty();
    }

    /** How the receiver is typed at the entry. */
    Object entryReceiver() {
        return entryLocals[0];
    }

    /** The program's locals as the caller passes them, with the receiver's copy. */
    Object[] atEntry() {
        Object[] locals = entryLocals.clone();
        analysis.forgetDead(Arrays.asList(locals), 0);
        if (copiesReceiver()) {
            locals[receiverCopy] = entryLocals[0];
        }
        return locals;
    }

    /** As {@link #atEntry}, with all of the weaver's that are set before the first instruction of the program. */
    Object[] atBody() {
        Object[] locals = atEntry();
        add(locals, 0);
        return locals;
    }

    Object[] at(Site site) {
        Object[] locals = frames.of(site.locals());
        for (SavedLocal saved : site.saved()) {
            if (saved.index() >= site.locals().size()) {
                locals[saved.index()] = saved.verificationType();
            }
        }
        add(locals, site.monitors().size());
        return locals;
    }

    /** At the instruction that enters a monitor, with the objects of {@code monitors} of them noted. */
    Object[] at(MethodAnalysis.MonitorEntry entry, int monitors) {
        Object[] locals = frames.of(entry.locals());
        add(locals, monitors);
        return locals;
    }

    /** Where a rebuild comes to the entry of a monitor. */
    Object[] atBegin(MethodAnalysis.MonitorEntry entry) {
        Object[] locals = at(entry, entry.depth());
        LockLocal lock = entry.lock();
        if (lock != null && !lock.isLoaded()) {
            locals[lock.index()] = Opcodes.TOP;
        }
        return locals;
    }

    /** Where a rebuild comes in: the receiver, and nothing else of the program's. */
    Object[] atRestore() {
        Object[] locals = frames.empty();
        if (!isStatic) {
            locals[0] = entryLocals[0];
            if (copiesReceiver()) {
                locals[receiverCopy] = entryLocals[0];
            }
        }
        return locals;
    }

    /** Adds the weaver's locals to a frame that came with the class file, the {@code index}th instruction. */
    void addTo(FrameNode frame, int index) {
        List<Object> locals = frames.localsOf(frame);
        analysis.forgetDead(locals, index);
        Object[] additions = frames.empty();
        add(additions, analysis.monitorDepthAt(index));
        frames.replaceLocals(frame, locals, additions);
    }

    /** Types the weaver's locals as they are wherever {@code monitors} monitors are held. */
    void add(Object[] locals, int monitors) {
        if (copiesReceiver()) {
            locals[receiverCopy] = entryLocals[0];
        }
        if (hasPending()) {
            locals[pending] = Opcodes.INTEGER;
        }
        if (hasConstructed()) {
            locals[constructed] = "java/lang/Object";
        }
        addMonitors(locals, monitors);
    }

    void addMonitors(Object[] locals, int monitors) {
        for (int depth = 0; hasMonitors() && depth < monitors; depth++) {
            locals[firstMonitor + depth] = "java/lang/Object";
        }
    }
}
