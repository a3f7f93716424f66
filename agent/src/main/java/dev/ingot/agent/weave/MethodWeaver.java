package dev.ingot.agent.weave;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.IntInsnNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.LookupSwitchInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TableSwitchInsnNode;
import org.objectweb.asm.tree.TryCatchBlockNode;
import org.objectweb.asm.tree.TypeInsnNode;
import org.objectweb.asm.tree.VarInsnNode;

/**
 * Gives one method its polls and capture handlers, and in the resumable variant its entry switch.
 *
 * <h2>Shape of a woven method</h2>
 *
 * <pre>
 *            [resumable] rebuilding? → site? → switch to RESTORE_k
 *   ENTRY:   poll
 *   ...      the program's code, a poll at each loop header
 *   SITE_k:  a call                         -- covered by HANDLER
 *   ...
 *   HANDLER: leave monitors; unwind; save live locals and monitors; rethrow   (base methods: wait, then switch to RESTORE_k)
 *   RESTORE_k: [enter monitors through the program's own monitorenter]; restore locals; push stack; goto SITE_k
 * </pre>
 *
 * <p>Handlers are first in the exception table, so no handler of the program sees the signal; one handler serves all sites
 * with the same live locals.
 */
final class MethodWeaver {

    /**
     * How a method is to be woven.
     *
     * @param resumable with an entry switch
     * @param base may be the bottom frame of a thread
     * @param entryPoll polls at its entry
     * @param loopPolls polls at its loop headers
     * @param mostKept without sites inside expressions, where more slots of the operand stack than these would have to be saved: a
     *     thread there is pinned until the expression is computed
     */
    record Shape(boolean resumable, boolean base, boolean entryPoll, boolean loopPolls, int mostKept) {
        static final int ALL = Integer.MAX_VALUE;

        Shape withResumable(boolean value) {
            return new Shape(value, base, entryPoll, loopPolls, mostKept);
        }

        Shape withMostKept(int slots) {
            return new Shape(resumable, base, entryPoll, loopPolls, slots);
        }
    }

    /** What a handler knows of the object its method was called on. */
    private enum Receiver {
        /** There is none. */
        NONE,
        /** It is saved. */
        INITIALIZED,
        /** No constructor has run on it yet: a rebuild makes another one. */
        UNINITIALIZED
    }

    /** What a handler does: saves locals, in ascending order here, and leaves monitors. */
    private record HandlerKey(List<SavedLocal> saved, int monitors, Receiver receiver) {

        // Spelled out for a quick start, as in SavedLocal.
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof HandlerKey key
                    && monitors == key.monitors
                    && receiver == key.receiver
                    && saved.equals(key.saved);
        }

        @Override
        public int hashCode() {
            return (saved.hashCode() * 31 + monitors) * 31 + receiver.hashCode();
        }

        SavedLocal highest() {
            return saved.get(saved.size() - 1);
        }

        HandlerKey withoutHighest() {
            return new HandlerKey(saved.subList(0, saved.size() - 1), monitors, receiver);
        }
    }

    private static final int NO_LOCAL = -1;
    private static final int FINISHED = -2;

    private final MethodNode method;
    private final InsnList code;
    private final Shape shape;
    private final MethodAnalysis analysis;
    private final Emitter emit;
    private final Frames frames;
    private final Prologue prologue;
    private final String owner;
    private final Object[] entryLocals;
    private final boolean isStatic;

    private final int receiverCopy;
    private final int pending;
    /** Holds the object whose constructor is under way again, from the re-entry of its creation to the constructor's end. */
    private final int constructed;

    private final int firstMonitor;

    private final Map<HandlerKey, LabelNode> handlers = new LinkedHashMap<>();
    private final HandlerRanges handlerRanges = new HandlerRanges();
    private final List<LabelNode> begins = new ArrayList<>();
    private final List<LabelNode> siteLabels = new ArrayList<>();
    private final List<LabelNode> restoreLabels = new ArrayList<>();
    private final Map<Site, Integer> earlyFieldsAt = new IdentityHashMap<>();
    private final Map<RestoreGroup, List<Integer>> groups = new LinkedHashMap<>();
    private final Map<RestoreGroup, LabelNode> groupLabels = new LinkedHashMap<>();
    private final Map<AbstractInsnNode, LabelNode> outermostMonitors = new LinkedHashMap<>();
    private final LabelNode restart = new LabelNode();
    private final LabelNode delegate = new LabelNode();
    private final LabelNode body = new LabelNode();
    private final Map<AbstractInsnNode, LabelNode> monitorLabels = new LinkedHashMap<>();
    private final Map<AbstractInsnNode, LabelNode> monitorDispatch = new LinkedHashMap<>();

    private MethodWeaver(String owner, MethodNode method, Shape shape, Prologue prologue, MethodAnalysis analysis) {
        this.owner = owner;
        this.prologue = prologue;
        this.method = method;
        this.code = method.instructions;
        this.shape = shape;
        this.analysis = analysis;
        this.isStatic = (method.access & Opcodes.ACC_STATIC) != 0;
        this.receiverCopy = !isStatic && losesReceiver() ? newLocal() : NO_LOCAL;
        boolean holdsMonitors = !analysis.monitorEntries().isEmpty();
        this.pending = shape.resumable && holdsMonitors ? newLocal() : NO_LOCAL;
        this.constructed = shape.resumable && constructs(analysis.sites()) ? newLocal() : NO_LOCAL;
        int depth = holdsMonitors ? 1 + deepest(analysis.monitorEntries()) : 0;
        this.firstMonitor = depth == 0 ? NO_LOCAL : method.maxLocals;
        method.maxLocals += depth;
        this.frames = new Frames(owner, method.maxLocals);
        this.entryLocals = frames.initial(method);
        this.emit = new Emitter();
    }

    private static boolean constructs(List<Site> sites) {
        for (Site site : sites) {
            if (site.kind().constructs() || site.kind() == Site.Kind.DELEGATION) {
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

    /**
     * Weaves {@code method} in place.
     *
     * @return the sites with the labels at which their instructions begin; no sites if there is nothing to weave
     * @throws RefusedException if the method cannot be woven
     */
    static WovenMethod weave(Constants constants, MethodNode method, Shape shape) throws RefusedException {
        String owner = constants.owner();
        AbandonedValues.pop(owner, method);
        Prologue prologue = Prologue.of(owner, method);
        Relocations relocations = relocateCreations(owner, method, shape);
        MethodAnalysis analysis = MethodAnalysis.of(constants, method, relocations.creations(), prologue, shape);
        if (analysis.sites().isEmpty()) {
            return new WovenMethod(List.of(), List.of());
        }
        MethodWeaver weaver = new MethodWeaver(owner, method, shape, prologue, analysis);
        weaver.weave();
        if (!shape.resumable) {
            relocations.undo(method.instructions);
        }
        return new WovenMethod(analysis.sites(), weaver.begins);
    }

    private static Relocations relocateCreations(String owner, MethodNode method, Shape shape) {
        BitSet headers = shape.loopPolls ? new ControlFlow(method).loopHeaders() : new BitSet();
        return UninitializedObjects.relocate(
                owner,
                method,
                insn -> MethodAnalysis.isCallSite(insn)
                        || (!headers.isEmpty()
                                && MethodAnalysis.followsLoopHeader(method.instructions, insn, headers)));
    }

    private boolean losesReceiver() {
        for (AbstractInsnNode insn : code) {
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

    private int newLocal() {
        return method.maxLocals++;
    }

    private void weave() {
        CreationLabels creations = CreationLabels.of(code);
        rewriteFrames();
        insertCopies();
        weaveMonitorEntries();
        insertEntry();
        for (int k = 0; k < analysis.sites().size(); k++) {
            weaveSite(k);
        }
        insertHandlers();
        if (shape.base) {
            insertRestart();
        }
        if (shape.resumable) {
            insertRestores();
            makePassable();
        }
        creations.moveTo(code);
        handlerRanges.insertInto(method);
        method.visibleLocalVariableAnnotations = null;
        method.invisibleLocalVariableAnnotations = null;
    }

    // ---- the weaver's own locals

    /** The weaver's locals as they are typed wherever {@code monitors} monitors are held. */
    private Object[] additions(int monitors) {
        Object[] locals = frames.empty();
        addAdditions(locals, monitors);
        return locals;
    }

    private void addAdditions(Object[] locals, int monitors) {
        if (receiverCopy != NO_LOCAL) {
            locals[receiverCopy] = entryLocals[0];
        }
        if (pending != NO_LOCAL) {
            locals[pending] = Opcodes.INTEGER;
        }
        if (constructed != NO_LOCAL) {
            locals[constructed] = "java/lang/Object";
        }
        addMonitors(locals, monitors);
    }

    private void addMonitors(Object[] locals, int monitors) {
        for (int depth = 0; firstMonitor != NO_LOCAL && depth < monitors; depth++) {
            locals[firstMonitor + depth] = "java/lang/Object";
        }
    }

    private void rewriteFrames() {
        AbstractInsnNode[] insns = code.toArray();
        for (int i = 0; i < insns.length; i++) {
            if (insns[i] instanceof FrameNode frame) {
                List<Object> locals = frames.localsOf(frame);
                analysis.forgetDead(locals, i);
                frames.replaceLocals(frame, locals, additions(analysis.monitorDepthAt(i)));
            }
        }
    }

    private void insertCopies() {
        for (MethodAnalysis.Copies copies : analysis.copies().values()) {
            InsnList insns = new InsnList();
            if (copies.after() instanceof FrameNode) {
                for (int i = copies.locals().size() - 1; i >= 0; i--) {
                    insns.add(store(copies.locals().get(i)));
                }
                for (SavedLocal local : copies.locals()) {
                    insns.add(load(local));
                }
            } else {
                SavedLocal local = copies.locals().get(0);
                insns.add(new InsnNode(SavedLocal.sizeOf(local.sort()) == 2 ? Opcodes.DUP2 : Opcodes.DUP));
                insns.add(store(local));
            }
            code.insert(copies.after(), insns);
        }
    }

    private static VarInsnNode load(SavedLocal local) {
        return new VarInsnNode(local.loadOpcode(), local.index());
    }

    private static VarInsnNode store(SavedLocal local) {
        return new VarInsnNode(local.storeOpcode(), local.index());
    }

    private void weaveMonitorEntries() {
        if (firstMonitor == NO_LOCAL) {
            return;
        }
        for (MethodAnalysis.MonitorEntry entry : analysis.monitorEntries()) {
            protectFrom(entry.instruction());
            InsnList before = new InsnList();
            if (pending != NO_LOCAL) {
                LabelNode label = new LabelNode();
                monitorLabels.put(entry.instruction(), label);
                before.add(label);
                if (MethodAnalysis.frameAt(entry.instruction()) == null) {
                    before.add(Frames.node(entryState(entry, entry.depth()), entry.stack()));
                }
            }
            before.add(new InsnNode(Opcodes.DUP));
            before.add(new VarInsnNode(Opcodes.ASTORE, firstMonitor + entry.depth()));
            code.insertBefore(entry.instruction(), before);
            if (pending != NO_LOCAL) {
                LabelNode dispatch = new LabelNode();
                monitorDispatch.put(entry.instruction(), dispatch);
                InsnList after = new InsnList();
                after.add(new VarInsnNode(Opcodes.ILOAD, pending));
                after.add(new JumpInsnNode(Opcodes.IFNE, dispatch));
                code.insert(entry.instruction().getNext(), after);
            }
        }
    }

    private Object[] entryState(MethodAnalysis.MonitorEntry entry, int monitors) {
        Object[] locals = frames.of(entry.locals());
        addAdditions(locals, monitors);
        return locals;
    }

    // ---- entry

    private void insertEntry() {
        InsnList entry = new InsnList();
        if (receiverCopy != NO_LOCAL) {
            entry.add(new VarInsnNode(Opcodes.ALOAD, 0));
            entry.add(new VarInsnNode(Opcodes.ASTORE, receiverCopy));
        }
        if (shape.resumable) {
            insertSwitch(entry);
        }
        if (pending != NO_LOCAL) {
            entry.add(new InsnNode(Opcodes.ICONST_0));
            entry.add(new VarInsnNode(Opcodes.ISTORE, pending));
        }
        if (constructed != NO_LOCAL) {
            entry.add(new InsnNode(Opcodes.ACONST_NULL));
            entry.add(new VarInsnNode(Opcodes.ASTORE, constructed));
        }
        AbstractInsnNode first = MethodAnalysis.real(code.getFirst());
        boolean initializes = pending != NO_LOCAL || constructed != NO_LOCAL;
        if (shape.resumable && delegates()) {
            Object[] state = entryState();
            addAdditions(state, 0);
            entry.add(body);
            entry.add(Frames.node(state, List.of()));
            initializes = false;
        }
        if (shape.resumable && !initializes && first != null && MethodAnalysis.frameAt(first) != null) {
            // Two stack map frames may not stand at one offset.
            entry.add(new InsnNode(Opcodes.NOP));
        }
        code.insert(entry);
    }

    private Object[] entryState() {
        Object[] locals = entryLocals.clone();
        analysis.forgetDead(Arrays.asList(locals), 0);
        if (receiverCopy != NO_LOCAL) {
            locals[receiverCopy] = entryLocals[0];
        }
        return locals;
    }

    private void insertSwitch(InsnList entry) {
        groupSites();
        LabelNode normal = new LabelNode();
        entry.add(new InvokeDynamicInsnNode("rebuilding", "()I", RuntimeNames.REBUILDING));
        entry.add(new JumpInsnNode(Opcodes.IFEQ, normal));
        entry.add(emit.siteQuestion());
        if (shape.base && Type.getReturnType(method.desc) == Type.VOID_TYPE) {
            emit.returnIfFinished(entry);
        }
        entry.add(emit.siteSwitch(normal));
        entry.add(normal);
        entry.add(Frames.node(entryState(), List.of()));
    }

    // ---- sites

    private void weaveSite(int k) {
        Site site = analysis.sites().get(k);
        LabelNode siteLabel = new LabelNode();
        LabelNode begin = new LabelNode();
        LabelNode end = new LabelNode();
        InsnList before = new InsnList();
        before.add(siteLabel);
        AbstractInsnNode position = site.start();
        if (site.kind() == Site.Kind.MONITOR_POLL) {
            insertMonitorPoll(site, siteLabel, begin, end);
            return;
        }
        boolean jumpedTo = shape.resumable && site.kind() != Site.Kind.DELEGATION;
        if (jumpedTo && MethodAnalysis.frameAt(position) == null) {
            before.add(Frames.node(stateAt(site), site.stack()));
        }
        if (site.kind().isPoll()) {
            before.add(begin);
            boolean owns = site.kind() == Site.Kind.ENTRY_POLL && (method.access & Opcodes.ACC_SYNCHRONIZED) != 0;
            before.add(owns ? ownerPoll() : new InvokeDynamicInsnNode("poll", "()V", RuntimeNames.POLL));
            before.add(end);
            code.insertBefore(position, before);
        } else {
            code.insertBefore(position, before);
            code.insertBefore(site.instruction(), begin);
            code.insert(site.instruction(), endOfCall(site, end));
        }
        if (site.kind() == Site.Kind.DELEGATION) {
            siteLabels.add(siteLabel);
            begins.add(begin);
            return;
        }
        cover(site, siteLabel, begin, end);
    }

    /** After a constructor that was re-entered its object takes the place of the one made for the re-entry. */
    private InsnList endOfCall(Site site, LabelNode end) {
        InsnList after = new InsnList();
        after.add(end);
        if (constructed == NO_LOCAL) {
            return after;
        }
        if (site.kind() == Site.Kind.CONSTRUCTION) {
            exchange(after, ((MethodInsnNode) site.instruction()).owner);
        } else if (site.kind() == Site.Kind.DELEGATION) {
            after.add(new VarInsnNode(Opcodes.ALOAD, 0));
            exchange(after, owner);
            after.add(new VarInsnNode(Opcodes.ASTORE, 0));
        }
        if (site.kind().constructs() || site.kind() == Site.Kind.DELEGATION) {
            after.add(new InsnNode(Opcodes.ACONST_NULL));
            after.add(new VarInsnNode(Opcodes.ASTORE, constructed));
        }
        return after;
    }

    private void exchange(InsnList insns, String type) {
        insns.add(new VarInsnNode(Opcodes.ALOAD, constructed));
        insns.add(emit.runtimeCall("constructed", "(Ljava/lang/Object;Ljava/lang/Object;)Ljava/lang/Object;"));
        insns.add(new TypeInsnNode(Opcodes.CHECKCAST, type));
    }

    private static InvokeDynamicInsnNode ownerPoll() {
        return new InvokeDynamicInsnNode("ownerPoll", "()V", RuntimeNames.OWNER_POLL);
    }

    private void insertMonitorPoll(Site site, LabelNode siteLabel, LabelNode begin, LabelNode end) {
        InsnList after = new InsnList();
        after.add(begin);
        after.add(ownerPoll());
        after.add(end);
        code.insert(endOfMonitorEntry(site.instruction()), after);
        cover(site, monitorLabels.getOrDefault(site.instruction(), siteLabel), begin, end);
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

    /** The instruction after which a monitor counts as entered: in the resumable variant the check for a rebuild. */
    private AbstractInsnNode endOfMonitorEntry(AbstractInsnNode instruction) {
        AbstractInsnNode entered = instruction.getNext();
        return pending == NO_LOCAL ? entered : entered.getNext().getNext();
    }

    private void cover(Site site, LabelNode siteLabel, LabelNode begin, LabelNode end) {
        siteLabels.add(siteLabel);
        begins.add(begin);
        HandlerKey key = new HandlerKey(savedByHandler(site), site.monitorsToLeave(), receiverAt(site));
        LabelNode handler = handlers.computeIfAbsent(key, unused -> new LabelNode());
        handlerRanges.add(site.kind(), begin, end, handler, key.saved, !isStatic);
    }

    private Receiver receiverAt(Site site) {
        if (isStatic) {
            return Receiver.NONE;
        }
        return isUninitializedAt(site.locals()) ? Receiver.UNINITIALIZED : Receiver.INITIALIZED;
    }

    private static boolean isUninitializedAt(List<Object> locals) {
        return !locals.isEmpty() && locals.get(0) == Opcodes.UNINITIALIZED_THIS;
    }

    private Object[] stateAt(Site site) {
        Object[] locals = frames.of(site.locals());
        for (SavedLocal saved : site.saved()) {
            if (saved.index() >= site.locals().size()) {
                locals[saved.index()] = saved.verificationType();
            }
        }
        addAdditions(locals, site.monitors().size());
        return locals;
    }

    // ---- handlers

    /**
     * Writes the handlers. Each saves its locals from the highest to the lowest, so that two handlers with the same lower
     * locals share the code for these: what a handler does after its first saves is the whole of what another one does.
     */
    private void insertHandlers() {
        Set<HandlerKey> shared = sharedTails();
        Map<HandlerKey, LabelNode> tails = new HashMap<>();
        for (Map.Entry<HandlerKey, LabelNode> handler : handlers.entrySet()) {
            code.add(handler.getValue());
            code.add(Frames.node(handlerState(handler.getKey()), List.of(RuntimeNames.SIGNAL)));
            // First of all: a call before could throw with a monitor held, and the compilers refuse such a method.
            leaveMonitors(handler.getKey().monitors);
            code.add(new InvokeDynamicInsnNode("unwind", "()V", RuntimeNames.UNWIND));
            insertTail(handler.getKey(), shared, tails);
        }
    }

    private Set<HandlerKey> sharedTails() {
        Set<HandlerKey> written = new HashSet<>();
        Set<HandlerKey> shared = new HashSet<>();
        for (HandlerKey handler : handlers.keySet()) {
            HandlerKey tail = handler;
            while (written.add(tail) && !tail.saved.isEmpty()) {
                tail = tail.withoutHighest();
            }
            shared.add(tail);
        }
        return shared;
    }

    private void insertTail(HandlerKey handler, Set<HandlerKey> shared, Map<HandlerKey, LabelNode> written) {
        HandlerKey tail = handler;
        while (true) {
            LabelNode present = written.get(tail);
            if (present != null) {
                code.add(new JumpInsnNode(Opcodes.GOTO, present));
                return;
            }
            if (shared.contains(tail)) {
                LabelNode label = new LabelNode();
                written.put(tail, label);
                code.add(label);
                code.add(Frames.node(handlerState(tail), List.of(RuntimeNames.SIGNAL)));
            }
            if (tail.saved.isEmpty()) {
                endHandler(tail);
                return;
            }
            saveLocal(tail.highest());
            tail = tail.withoutHighest();
        }
    }

    private Object[] handlerState(HandlerKey key) {
        Object[] locals = frames.empty();
        for (SavedLocal saved : key.saved) {
            locals[saved.index()] = saved.verificationType();
        }
        addAdditions(locals, key.monitors);
        if (pending != NO_LOCAL) {
            locals[pending] = Opcodes.TOP;
        }
        if (constructed != NO_LOCAL) {
            locals[constructed] = Opcodes.TOP;
        }
        if (!isStatic && receiverCopy == NO_LOCAL) {
            locals[0] = key.receiver == Receiver.INITIALIZED ? owner : Opcodes.UNINITIALIZED_THIS;
        }
        return locals;
    }

    private void saveLocal(SavedLocal saved) {
        code.add(load(saved));
        code.add(emit.runtimeCall("save", "(" + SavedLocal.typeOf(saved.sort()).getDescriptor() + ")V"));
    }

    private void saveReceiverAndMonitors(HandlerKey key) {
        if (key.receiver == Receiver.INITIALIZED) {
            code.add(new VarInsnNode(Opcodes.ALOAD, receiverCopy == NO_LOCAL ? 0 : receiverCopy));
            code.add(emit.runtimeCall("saveReceiver", "(Ljava/lang/Object;)V"));
        }
        for (int depth = 0; depth < key.monitors; depth++) {
            code.add(new VarInsnNode(Opcodes.ALOAD, firstMonitor + depth));
            code.add(emit.runtimeCall("saveMonitor", "(Ljava/lang/Object;)V"));
        }
    }

    /** The receiver is passed again by the caller and needs no saving of its own. */
    private boolean isReceiver(SavedLocal saved) {
        return saved.index() == 0 && !isStatic && receiverCopy == NO_LOCAL;
    }

    private List<SavedLocal> savedByHandler(Site site) {
        List<SavedLocal> saved = site.saved();
        return !saved.isEmpty() && isReceiver(saved.get(0)) ? saved.subList(1, saved.size()) : saved;
    }

    private void leaveMonitors(int monitors) {
        for (int depth = monitors - 1; depth >= 0; depth--) {
            code.add(new VarInsnNode(Opcodes.ALOAD, firstMonitor + depth));
            code.add(new InsnNode(Opcodes.MONITOREXIT));
        }
    }

    private void endHandler(HandlerKey key) {
        saveReceiverAndMonitors(key);
        if (!shape.base) {
            code.add(new InsnNode(Opcodes.ATHROW));
            return;
        }
        code.add(emit.runtimeCall("base", "(L" + RuntimeNames.SIGNAL + ";)V"));
        if (receiverCopy != NO_LOCAL) {
            code.add(new VarInsnNode(Opcodes.ALOAD, receiverCopy));
            code.add(new VarInsnNode(Opcodes.ASTORE, 0));
        }
        code.add(new JumpInsnNode(Opcodes.GOTO, restart));
    }

    /** Where a base method begins again after its thread has waited at the bottom of the stack. */
    private void insertRestart() {
        LabelNode unreachable = new LabelNode();
        code.add(restart);
        code.add(Frames.node(restoreState(), List.of()));
        code.add(emit.siteQuestion());
        code.add(emit.siteSwitch(unreachable));
        code.add(unreachable);
        code.add(Frames.node(restoreState(), List.of()));
        code.add(new InsnNode(Opcodes.ACONST_NULL));
        code.add(new InsnNode(Opcodes.ATHROW));
    }

    // ---- re-entry

    private Object[] restoreState() {
        Object[] locals = frames.empty();
        if (!isStatic) {
            locals[0] = entryLocals[0];
            if (receiverCopy != NO_LOCAL) {
                locals[receiverCopy] = entryLocals[0];
            }
        }
        return locals;
    }

    /** What sites must have in common to be restored by the same code. */
    private record RestoreGroup(
            List<Object> locals, List<SavedLocal> saved, List<AbstractInsnNode> monitors, int earlyFields) {
        // Spelled out for a quick start, as in SavedLocal.
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof RestoreGroup group
                    && locals.equals(group.locals)
                    && saved.equals(group.saved)
                    && monitors.equals(group.monitors)
                    && earlyFields == group.earlyFields;
        }

        @Override
        public int hashCode() {
            return ((locals.hashCode() * 31 + saved.hashCode()) * 31 + monitors.hashCode()) * 31 + earlyFields;
        }
    }

    private RestoreGroup groupOf(Site site) {
        Integer earlyFields = earlyFieldsAt.getOrDefault(site, 0);
        return new RestoreGroup(site.locals(), site.saved(), site.monitors(), earlyFields);
    }

    /** Counts for each site in front of which the object has no constructor the fields that are set already. */
    private void countEarlyFields() {
        for (Site site : analysis.sites()) {
            if (isUninitializedAt(site.locals())) {
                int at = code.indexOf(site.start());
                int set = 0;
                for (Prologue.EarlyField field : prologue.fields()) {
                    set += code.indexOf(field.store()) < at ? 1 : 0;
                }
                earlyFieldsAt.put(site, set);
            }
        }
    }

    private void groupSites() {
        countEarlyFields();
        for (int k = 0; k < analysis.sites().size(); k++) {
            Site site = analysis.sites().get(k);
            if (site.kind() != Site.Kind.DELEGATION) {
                groups.computeIfAbsent(groupOf(site), group -> new ArrayList<>())
                        .add(k);
            }
        }
        for (RestoreGroup group : groups.keySet()) {
            groupLabels.put(group, new LabelNode());
        }
        for (Site site : analysis.sites()) {
            restoreLabels.add(restoreLabelOf(site));
        }
    }

    private LabelNode restoreLabelOf(Site site) {
        if (site.kind() == Site.Kind.DELEGATION) {
            return delegate;
        }
        if (hasNothingToRead(groupOf(site))) {
            return new LabelNode();
        }
        return site.monitors().isEmpty()
                ? requireNonNull(groupLabels.get(groupOf(site)))
                : outermostMonitors.computeIfAbsent(site.monitors().get(0), entry -> new LabelNode());
    }

    private void insertRestores() {
        outermostMonitors.forEach((entry, label) -> {
            code.add(label);
            code.add(Frames.node(restoreState(), List.of()));
            code.add(emit.runtimeCall("currentSite", "()I"));
            code.add(new InsnNode(Opcodes.ICONST_1));
            code.add(new InsnNode(Opcodes.IADD));
            code.add(new VarInsnNode(Opcodes.ISTORE, pending));
            forgetConstructed();
            restoreReceiver(entryOf(entry).locals());
            enterMonitor(entryOf(entry));
        });
        insertMonitorDispatch();
        groups.forEach(this::insertGroup);
        if (delegates()) {
            insertDelegate();
        }
    }

    private boolean delegates() {
        for (Site site : analysis.sites()) {
            if (site.kind() == Site.Kind.DELEGATION) {
                return true;
            }
        }
        return false;
    }

    private void insertDelegate() {
        code.add(delegate);
        code.add(Frames.node(entryState(), List.of()));
        if (pending != NO_LOCAL) {
            code.add(new InsnNode(Opcodes.ICONST_0));
            code.add(new VarInsnNode(Opcodes.ISTORE, pending));
        }
        expectConstructor();
        code.add(new JumpInsnNode(Opcodes.GOTO, body));
    }

    private void insertGroup(RestoreGroup group, List<Integer> members) {
        if (hasNothingToRead(group)) {
            for (int k : members) {
                restore(group, restoreLabels.get(k), analysis.sites().get(k));
                goToSite(k);
            }
            return;
        }
        restore(group, requireNonNull(groupLabels.get(group)), analysis.sites().get(members.get(0)));
        if (members.size() == 1) {
            goToSite(members.get(0));
            return;
        }
        LabelNode[] labels = new LabelNode[members.size()];
        int[] keys = new int[members.size()];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = new LabelNode();
            keys[i] = members.get(i);
        }
        code.add(emit.runtimeCall("currentSite", "()I"));
        code.add(new LookupSwitchInsnNode(labels[0], keys, labels));
        for (int i = 0; i < labels.length; i++) {
            code.add(labels[i]);
            code.add(Frames.node(stateAt(analysis.sites().get(members.get(i))), List.of()));
            goToSite(members.get(i));
        }
    }

    private void restore(RestoreGroup group, LabelNode label, Site any) {
        Object[] state = restoreState();
        addMonitors(state, group.monitors.size());
        code.add(label);
        if (group.monitors.isEmpty()) {
            code.add(Frames.node(state, List.of()));
            restoreReceiver(group.locals);
        } else {
            state[0] = prologue == Prologue.NONE ? state[0] : group.locals.get(0);
            code.add(Frames.node(state, List.of()));
        }
        restoreLocals(any);
        restoreEarlyFields(group.earlyFields);
    }

    /** Whether so little is restored that the code for it, once for each site, is smaller than another switch. */
    private boolean hasNothingToRead(RestoreGroup group) {
        if (!group.monitors.isEmpty() || prologue != Prologue.NONE) {
            return false;
        }
        for (int local = isStatic || receiverCopy != NO_LOCAL ? 0 : 1; local < group.locals.size(); local++) {
            if (group.locals.get(local) != Opcodes.TOP) {
                return false;
            }
        }
        return group.saved.isEmpty() || (group.saved.size() == 1 && isReceiver(group.saved.get(0)));
    }

    /**
     * Exchanges the object a constructor was called on again for the one it was called on before. No path of a constructor
     * may end without another one called, so one is, of a superclass, on the object that nobody will see.
     */
    private void restoreReceiver(List<Object> locals) {
        if (prologue == Prologue.NONE || isUninitializedAt(locals)) {
            return;
        }
        code.add(emit.runtimeCall("beginPlaceholder", "()V"));
        code.add(Placeholder.construct(requireNonNull(prologue.call())));
        code.add(emit.runtimeCall("endPlaceholder", "()Ljava/lang/Object;"));
        emit.cast(owner);
        code.add(new VarInsnNode(Opcodes.ASTORE, 0));
    }

    private void restoreEarlyFields(int count) {
        for (Prologue.EarlyField field : prologue.fields().subList(0, count)) {
            code.add(new VarInsnNode(Opcodes.ALOAD, 0));
            code.add(field.value().clone(Map.of()));
            code.add(field.store().clone(Map.of()));
        }
    }

    private MethodAnalysis.MonitorEntry entryOf(AbstractInsnNode instruction) {
        for (MethodAnalysis.MonitorEntry entry : analysis.monitorEntries()) {
            if (entry.instruction() == instruction) {
                return entry;
            }
        }
        throw new IllegalStateException("no monitor is entered there");
    }

    private void enterMonitor(MethodAnalysis.MonitorEntry entry) {
        emit.defaults(entry.locals(), List.of());
        int top = entry.stack().size() - 1;
        for (int slot = 0; slot < top; slot++) {
            emit.pushDefault(entry.stack().get(slot));
        }
        emit.push(entry.depth());
        code.add(emit.runtimeCall("monitor", "(I)Ljava/lang/Object;"));
        emit.cast(entry.stack().get(top));
        code.add(new JumpInsnNode(Opcodes.GOTO, monitorLabels.get(entry.instruction())));
    }

    /** After each program monitorenter that a rebuild went through: on to the next one, or to the site. */
    private void insertMonitorDispatch() {
        for (MethodAnalysis.MonitorEntry entry : analysis.monitorEntries()) {
            LabelNode dispatch = monitorDispatch.get(entry.instruction());
            if (dispatch == null) {
                continue;
            }
            Object[] state = entryState(entry, entry.depth() + 1);
            List<Object> below = entry.stack().subList(0, entry.stack().size() - 1);
            code.add(dispatch);
            code.add(Frames.node(state, below));
            emit.popAll(below);
            dispatchAfter(entry, state);
        }
    }

    private void dispatchAfter(MethodAnalysis.MonitorEntry entry, Object[] state) {
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
                            : groupLabels.get(groupOf(site)));
        }
        LabelNode unreachable = new LabelNode();
        int[] keyArray = new int[keys.size()];
        for (int i = 0; i < keyArray.length; i++) {
            keyArray[i] = keys.get(i);
        }
        code.add(new VarInsnNode(Opcodes.ILOAD, pending));
        code.add(new LookupSwitchInsnNode(unreachable, keyArray, targets.toArray(new LabelNode[0])));
        inner.forEach((next, label) -> {
            code.add(label);
            code.add(Frames.node(state, List.of()));
            enterMonitor(entryOf(next));
        });
        code.add(unreachable);
        code.add(Frames.node(state, List.of()));
        code.add(new InsnNode(Opcodes.ACONST_NULL));
        code.add(new InsnNode(Opcodes.ATHROW));
    }

    private void restoreLocals(Site site) {
        if (pending != NO_LOCAL) {
            code.add(new InsnNode(Opcodes.ICONST_0));
            code.add(new VarInsnNode(Opcodes.ISTORE, pending));
        }
        forgetConstructed();
        for (int i = site.saved().size() - 1; i >= 0; i--) {
            SavedLocal saved = site.saved().get(i);
            if (!isReceiver(saved)) {
                emit.restore(saved, typeOf(site, saved));
            }
        }
        emit.defaults(site.locals(), site.saved());
    }

    private void forgetConstructed() {
        if (constructed != NO_LOCAL) {
            code.add(new InsnNode(Opcodes.ACONST_NULL));
            code.add(new VarInsnNode(Opcodes.ASTORE, constructed));
        }
    }

    private void goToSite(int k) {
        Site site = analysis.sites().get(k);
        pushStack(site);
        if (site.kind() == Site.Kind.MONITOR_POLL) {
            emit.push(site.monitors().size());
            code.add(emit.runtimeCall("monitor", "(I)Ljava/lang/Object;"));
            emit.cast(site.stack().get(site.stack().size() - 1));
        }
        if (site.kind().isPoll()) {
            code.add(emit.runtimeCall("restored", "()V"));
        }
        code.add(new JumpInsnNode(Opcodes.GOTO, siteLabels.get(k)));
    }

    private static Object typeOf(Site site, SavedLocal saved) {
        return saved.index() < site.locals().size() ? site.locals().get(saved.index()) : saved.verificationType();
    }

    private void pushStack(Site site) {
        int source = 0;
        int handle = handleSlot(site);
        for (int slot = 0; slot < site.kept(); slot++) {
            Object type = site.stack().get(slot);
            if (type != Opcodes.TOP) {
                emit.pushSource(site.sources().get(source++), type);
            }
            if (slot == handle) {
                code.add(
                        emit.runtimeCall("handle", "(Ljava/lang/invoke/MethodHandle;)Ljava/lang/invoke/MethodHandle;"));
            }
        }
        if (site.callsHandle() && handle < 0) {
            code.add(emit.runtimeCall("callSite", "()V"));
        }
        if (site.kind() == Site.Kind.CALL) {
            pushArguments(site, (MethodInsnNode) site.instruction());
        } else if (site.kind().constructs()) {
            expectConstructor();
        }
    }

    /** The stack slot of the method handle that is called, or a negative number. */
    private static int handleSlot(Site site) {
        return site.callsHandle() && site.instruction() instanceof MethodInsnNode call
                ? site.stack().size() - (Type.getArgumentsAndReturnSizes(call.desc) >> 2)
                : -1;
    }

    /** Lets the program's call sites be linked so that a rebuild can lead them past frames left out. */
    private void makePassable() {
        for (Site site : analysis.sites()) {
            if (site.callsHandle() && site.instruction() instanceof InvokeDynamicInsnNode callSite) {
                Object[] arguments = new Object[callSite.bsmArgs.length + 1];
                arguments[0] = callSite.bsm;
                System.arraycopy(callSite.bsmArgs, 0, arguments, 1, callSite.bsmArgs.length);
                callSite.bsm = RuntimeNames.PASSABLE;
                callSite.bsmArgs = arguments;
            }
        }
    }

    private void expectConstructor() {
        code.add(emit.runtimeCall("callee", "()Ljava/lang/Object;"));
        code.add(new VarInsnNode(Opcodes.ASTORE, constructed));
    }

    private void pushArguments(Site site, MethodInsnNode call) {
        int slot = site.kept();
        if (call.getOpcode() == Opcodes.INVOKESTATIC) {
            code.add(emit.runtimeCall("staticCallee", "()V"));
        } else {
            code.add(emit.runtimeCall("callee", "()Ljava/lang/Object;"));
            emit.cast(site.stack().get(slot++));
        }
        for (; slot < site.stack().size(); slot++) {
            emit.pushDefault(site.stack().get(slot));
        }
    }

    /** Small instruction sequences. */
    private final class Emitter {

        MethodInsnNode runtimeCall(String name, String descriptor) {
            return new MethodInsnNode(Opcodes.INVOKESTATIC, RuntimeNames.WOVEN, name, descriptor, false);
        }

        InvokeDynamicInsnNode siteQuestion() {
            return new InvokeDynamicInsnNode("site", "()I", RuntimeNames.SITE, method.name + method.desc);
        }

        AbstractInsnNode siteSwitch(LabelNode otherwise) {
            return new TableSwitchInsnNode(
                    0, restoreLabels.size() - 1, otherwise, restoreLabels.toArray(new LabelNode[0]));
        }

        void returnIfFinished(InsnList list) {
            LabelNode alive = new LabelNode();
            list.add(new InsnNode(Opcodes.DUP));
            list.add(new IntPush(FINISHED).node());
            list.add(new JumpInsnNode(Opcodes.IF_ICMPNE, alive));
            list.add(new InsnNode(Opcodes.POP));
            list.add(new InsnNode(Opcodes.RETURN));
            list.add(alive);
            list.add(Frames.node(entryState(), List.of(Opcodes.INTEGER)));
        }

        void push(int value) {
            code.add(new IntPush(value).node());
        }

        void restore(SavedLocal saved, Object type) {
            String name = switch (saved.sort()) {
                case 'I' -> "restoreInt";
                case 'J' -> "restoreLong";
                case 'F' -> "restoreFloat";
                case 'D' -> "restoreDouble";
                default -> "restoreReference";
            };
            code.add(runtimeCall(name, "()" + SavedLocal.typeOf(saved.sort()).getDescriptor()));
            if (saved.sort() == 'A') {
                cast(type);
            }
            code.add(store(saved));
        }

        /** Gives every typed local that was not saved a value of its type; its old one is never read again. */
        void defaults(List<Object> locals, List<SavedLocal> saved) {
            for (int local = isStatic || receiverCopy != NO_LOCAL ? 0 : 1; local < locals.size(); local++) {
                Object type = locals.get(local);
                if (type == Opcodes.TOP || isAmong(saved, local)) {
                    continue;
                }
                pushDefault(type);
                code.add(store(new SavedLocal(local, SavedLocal.sortOf(type))));
            }
        }

        private static boolean isAmong(List<SavedLocal> saved, int local) {
            for (SavedLocal candidate : saved) {
                if (candidate.index() == local) {
                    return true;
                }
            }
            return false;
        }

        void pushDefault(Object type) {
            if (type == Opcodes.TOP) {
                return;
            }
            code.add(new InsnNode(
                    switch (SavedLocal.sortOf(type)) {
                        case 'I' -> Opcodes.ICONST_0;
                        case 'J' -> Opcodes.LCONST_0;
                        case 'F' -> Opcodes.FCONST_0;
                        case 'D' -> Opcodes.DCONST_0;
                        default -> Opcodes.ACONST_NULL;
                    }));
        }

        void cast(Object type) {
            if (type == Opcodes.NULL) {
                code.add(new InsnNode(Opcodes.POP));
                code.add(new InsnNode(Opcodes.ACONST_NULL));
            } else if (!type.equals("java/lang/Object")) {
                code.add(new TypeInsnNode(Opcodes.CHECKCAST, (String) type));
            }
        }

        void pushSource(StackSource source, Object type) {
            if (source instanceof StackSource.FromLocal local) {
                code.add(load(new SavedLocal(local.index(), local.sort())));
                if (local.sort() == 'A' && type != Opcodes.UNINITIALIZED_THIS) {
                    cast(type);
                }
            } else if (source instanceof StackSource.FromConstant constant) {
                code.add(constant.push().clone(Map.of()));
            } else {
                code.add(new InsnNode(Opcodes.ACONST_NULL));
            }
        }

        void popAll(List<Object> stack) {
            for (int slot = stack.size() - 1; slot >= 0; slot--) {
                if (stack.get(slot) != Opcodes.TOP) {
                    boolean wide = Frames.isWide(stack.get(slot));
                    code.add(new InsnNode(wide ? Opcodes.POP2 : Opcodes.POP));
                }
            }
        }
    }

    /** The shortest instruction that pushes an int. */
    private record IntPush(int value) {
        AbstractInsnNode node() {
            if (value >= -1 && value <= 5) {
                return new InsnNode(Opcodes.ICONST_0 + value);
            }
            if (value >= Byte.MIN_VALUE && value <= Byte.MAX_VALUE) {
                return new IntInsnNode(Opcodes.BIPUSH, value);
            }
            return value >= Short.MIN_VALUE && value <= Short.MAX_VALUE
                    ? new IntInsnNode(Opcodes.SIPUSH, value)
                    : new LdcInsnNode(value);
        }
    }
}
