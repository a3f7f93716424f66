package dev.ingot.agent.weave;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
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
 * <p>{@link CaptureHandlers} writes the handlers, {@link Reentry} the switch and what it leads to.
 */
final class MethodWeaver {
    private final MethodNode method;
    private final InsnList code;
    private final MethodShape shape;
    private final MethodAnalysis analysis;
    private final String owner;
    private final WeaverLocals locals;
    private final MonitorEntries monitors;
    private final CaptureHandlers handlers;
    private final Reentry reentry;
    private final LabelNode restart = new LabelNode();

    private final List<LabelNode> begins = new ArrayList<>();
    private final List<LabelNode> siteLabels = new ArrayList<>();

    private MethodWeaver(
            String owner, MethodNode method, MethodShape shape, Prologue prologue, MethodAnalysis analysis) {
        this.owner = owner;
        this.method = method;
        this.code = method.instructions;
        this.shape = shape;
        this.analysis = analysis;
        this.locals = new WeaverLocals(owner, method, shape, prologue, analysis);
        Emitter emit = new Emitter(code, locals);
        this.monitors = new MonitorEntries(method, analysis, locals, emit);
        this.handlers = new CaptureHandlers(owner, method, locals, emit, shape.base() ? restart : null);
        this.reentry = new Reentry(owner, method, shape, analysis, prologue, locals, emit, monitors);
    }

    /**
     * Weaves {@code method} in place.
     *
     * @return the sites with the labels at which their instructions begin; no sites if there is nothing to weave
     * @throws RefusedException if the method cannot be woven
     */
    static WovenMethod weave(Constants constants, MethodNode method, MethodShape shape) throws RefusedException {
        String owner = constants.owner();
        AbandonedValues.pop(owner, method);
        Prologue prologue = Prologue.of(owner, method);
        Relocations relocations = relocateCreations(owner, method, shape);
        MethodAnalysis analysis = MethodAnalysis.of(constants, method, relocations.creations(), prologue, shape);
        if (analysis.sites().isEmpty()) {
            return WovenMethod.none();
        }
        int[] continuations = shape.versioned() ? Continuation.hashes(method, analysis.sites()) : new int[0];
        MethodWeaver weaver = new MethodWeaver(owner, method, shape, prologue, analysis);
        weaver.weave();
        if (!shape.resumable()) {
            relocations.undo(method.instructions);
        }
        return new WovenMethod(analysis.sites(), weaver.begins, weaver.locals.copiesReceiver(), continuations);
    }

    private static Relocations relocateCreations(String owner, MethodNode method, MethodShape shape) {
        BitSet headers = shape.loopPolls() ? new ControlFlow(method).loopHeaders() : new BitSet();
        return UninitializedObjects.relocate(
                owner,
                method,
                insn -> MethodAnalysis.isCallSite(insn)
                        || (!headers.isEmpty()
                                && MethodAnalysis.followsLoopHeader(method.instructions, insn, headers)));
    }

    private void weave() {
        CreationLabels creations = CreationLabels.of(code);
        rewriteFrames();
        insertCopies();
        monitors.weave();
        insertEntry();
        for (Site site : analysis.sites()) {
            weaveSite(site);
        }
        monitors.insertBegins();
        handlers.insert();
        if (shape.base()) {
            reentry.insertRestart(restart);
        }
        if (shape.resumable()) {
            reentry.insertRestores(siteLabels);
            reentry.makePassable();
        }
        creations.moveTo(code);
        handlers.insertRanges();
        method.visibleLocalVariableAnnotations = null;
        method.invisibleLocalVariableAnnotations = null;
    }

    private void rewriteFrames() {
        AbstractInsnNode[] insns = code.toArray();
        for (int i = 0; i < insns.length; i++) {
            if (insns[i] instanceof FrameNode frame) {
                locals.addTo(frame, i);
            }
        }
    }

    private void insertCopies() {
        for (MethodAnalysis.Copies copies : analysis.copies().values()) {
            InsnList insns = new InsnList();
            if (copies.after() instanceof FrameNode) {
                for (int i = copies.locals().size() - 1; i >= 0; i--) {
                    insns.add(Emitter.store(copies.locals().get(i)));
                }
                for (SavedLocal local : copies.locals()) {
                    insns.add(Emitter.load(local));
                }
            } else {
                SavedLocal local = copies.locals().get(0);
                insns.add(new InsnNode(SavedLocal.sizeOf(local.sort()) == 2 ? Opcodes.DUP2 : Opcodes.DUP));
                insns.add(Emitter.store(local));
            }
            code.insert(copies.after(), insns);
        }
    }

    private void insertEntry() {
        InsnList entry = new InsnList();
        Emitter emit = new Emitter(entry, locals);
        if (locals.copiesReceiver()) {
            emit.add(Opcodes.ALOAD, 0);
            emit.add(Opcodes.ASTORE, locals.receiverCopy());
        }
        if (shape.resumable()) {
            reentry.insertSwitch(entry);
        }
        emit.noPending();
        emit.noConstructed();
        boolean endsWithFrame = shape.resumable() && !locals.hasPending() && !locals.hasConstructed();
        if (shape.resumable() && reentry.delegates()) {
            reentry.insertBody(entry);
            endsWithFrame = true;
        }
        AbstractInsnNode first = MethodAnalysis.real(code.getFirst());
        if (endsWithFrame && first != null && MethodAnalysis.frameAt(first) != null) {
            // Two stack map frames may not stand at one offset.
            emit.add(Opcodes.NOP);
        }
        code.insert(entry);
    }

    // ---- sites

    private void weaveSite(Site site) {
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
        boolean jumpedTo = shape.resumable() && site.kind() != Site.Kind.DELEGATION;
        if (jumpedTo && MethodAnalysis.frameAt(position) == null) {
            before.add(Frames.node(locals.at(site), site.stack()));
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
        add(site, siteLabel, begin, end);
    }

    /** After a constructor that was re-entered its object takes the place of the one made for the re-entry. */
    private InsnList endOfCall(Site site, LabelNode end) {
        InsnList after = new InsnList();
        after.add(end);
        if (!locals.hasConstructed()) {
            return after;
        }
        if (site.kind() == Site.Kind.CONSTRUCTION) {
            exchange(after, ((MethodInsnNode) site.instruction()).owner);
        } else if (site.kind().delegates()) {
            after.add(new VarInsnNode(Opcodes.ALOAD, 0));
            exchange(after, owner);
            after.add(new VarInsnNode(Opcodes.ASTORE, 0));
        }
        if (site.kind().constructs() || site.kind().delegates()) {
            new Emitter(after, locals).noConstructed();
        }
        return after;
    }

    private void exchange(InsnList insns, String type) {
        insns.add(new VarInsnNode(Opcodes.ALOAD, locals.constructed()));
        insns.add(Emitter.runtimeCall("constructed", "(Ljava/lang/Object;Ljava/lang/Object;)Ljava/lang/Object;"));
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
        code.insert(monitors.endOf(site.instruction()), after);
        add(site, monitors.beginOf(site.instruction(), siteLabel), begin, end);
    }

    private void add(Site site, LabelNode siteLabel, LabelNode begin, LabelNode end) {
        siteLabels.add(siteLabel);
        begins.add(begin);
        if (!site.kind().delegates()) {
            handlers.cover(site, begin, end);
        }
    }
}
