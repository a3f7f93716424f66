package dev.ingot.agent.weave;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LookupSwitchInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TableSwitchInsnNode;
import org.objectweb.asm.tree.VarInsnNode;

/** The way of a rebuild into the middle of a resumable method: from its entry, by a switch, to each of its sites. */
final class Reentry {
    /** The answer to which site a frame stands at, for the base frame of a thread that has ended. */
    private static final int FINISHED = -2;

    private final String owner;
    private final MethodNode method;
    private final InsnList code;
    private final MethodShape shape;
    private final MethodAnalysis analysis;
    private final Prologue prologue;
    private final WeaverLocals locals;
    private final Emitter emit;
    private final MonitorEntries monitors;

    private final List<LabelNode> restoreLabels = new ArrayList<>();
    private final Map<Site, Integer> earlyFieldsAt = new IdentityHashMap<>();
    private final Map<RestoreGroup, List<Integer>> groups = new LinkedHashMap<>();
    private final Map<RestoreGroup, LabelNode> groupLabels = new LinkedHashMap<>();
    private final Map<AbstractInsnNode, LabelNode> outermostMonitors = new LinkedHashMap<>();
    private final LabelNode delegate = new LabelNode();
    private final Map<Site, LabelNode> bareDelegations = new IdentityHashMap<>();
    private final LabelNode body = new LabelNode();

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

    Reentry(
            String owner,
            MethodNode method,
            MethodShape shape,
            MethodAnalysis analysis,
            Prologue prologue,
            WeaverLocals locals,
            Emitter emit,
            MonitorEntries monitors) {
        this.owner = owner;
        this.method = method;
        this.code = method.instructions;
        this.shape = shape;
        this.analysis = analysis;
        this.prologue = prologue;
        this.locals = locals;
        this.emit = emit;
        this.monitors = monitors;
    }

    // ---- the entry

    /** Whether a constructor calls another one on its object at a site, and begins again if it is re-entered there. */
    boolean delegates() {
        for (Site site : analysis.sites()) {
            if (site.kind() == Site.Kind.DELEGATION) {
                return true;
            }
        }
        return false;
    }

    /** Appends the question whether the method is entered anew or again, which stands before everything else. */
    void insertSwitch(InsnList entry) {
        groupSites();
        LabelNode normal = new LabelNode();
        entry.add(new InvokeDynamicInsnNode("rebuilding", "()I", RuntimeNames.REBUILDING));
        entry.add(new JumpInsnNode(Opcodes.IFEQ, normal));
        entry.add(siteQuestion());
        if (shape.base() && Type.getReturnType(method.desc) == Type.VOID_TYPE) {
            returnIfFinished(entry);
        }
        entry.add(siteSwitch(normal));
        entry.add(normal);
        entry.add(Frames.node(locals.atEntry(), List.of()));
    }

    /** Appends the place at which a constructor that called another one begins again. */
    void insertBody(InsnList entry) {
        entry.add(body);
        entry.add(Frames.node(locals.atBody(), List.of()));
    }

    private void returnIfFinished(InsnList entry) {
        LabelNode alive = new LabelNode();
        entry.add(new InsnNode(Opcodes.DUP));
        entry.add(Emitter.intPush(FINISHED));
        entry.add(new JumpInsnNode(Opcodes.IF_ICMPNE, alive));
        entry.add(new InsnNode(Opcodes.POP));
        entry.add(new InsnNode(Opcodes.RETURN));
        entry.add(alive);
        entry.add(Frames.node(locals.atEntry(), List.of(Opcodes.INTEGER)));
    }

    private InvokeDynamicInsnNode siteQuestion() {
        return new InvokeDynamicInsnNode("site", "()I", RuntimeNames.SITE, method.name + method.desc);
    }

    private AbstractInsnNode siteSwitch(LabelNode otherwise) {
        return new TableSwitchInsnNode(0, restoreLabels.size() - 1, otherwise, restoreLabels.toArray(new LabelNode[0]));
    }

    /** Appends the place where a base method begins again after its thread has waited at the bottom of the stack. */
    void insertRestart(LabelNode restart) {
        LabelNode unreachable = new LabelNode();
        emit.label(restart, locals.atRestore(), List.of());
        code.add(siteQuestion());
        code.add(siteSwitch(unreachable));
        emit.unreachable(unreachable, locals.atRestore());
    }

    // ---- sites that are restored by the same code

    private void groupSites() {
        countEarlyFields();
        for (int k = 0; k < analysis.sites().size(); k++) {
            Site site = analysis.sites().get(k);
            if (!site.kind().delegates()) {
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

    /** Counts for each site in front of which the object has no constructor the fields that are set already. */
    private void countEarlyFields() {
        for (Site site : analysis.sites()) {
            if (site.precedesConstructor()) {
                int at = code.indexOf(site.start());
                int set = 0;
                for (Prologue.EarlyField field : prologue.fields()) {
                    set += code.indexOf(field.store()) < at ? 1 : 0;
                }
                earlyFieldsAt.put(site, set);
            }
        }
    }

    private RestoreGroup groupOf(Site site) {
        Integer earlyFields = earlyFieldsAt.getOrDefault(site, 0);
        return new RestoreGroup(site.locals(), site.saved(), site.monitors(), earlyFields);
    }

    private LabelNode restoreLabelOf(Site site) {
        if (site.kind() == Site.Kind.DELEGATION) {
            return delegate;
        }
        if (site.kind() == Site.Kind.BARE_DELEGATION) {
            return bareDelegations.computeIfAbsent(site, unused -> new LabelNode());
        }
        if (hasNothingToRead(groupOf(site))) {
            return new LabelNode();
        }
        return site.monitors().isEmpty()
                ? groupLabelOf(site)
                : outermostMonitors.computeIfAbsent(site.monitors().get(0), entry -> new LabelNode());
    }

    private LabelNode groupLabelOf(Site site) {
        return requireNonNull(groupLabels.get(groupOf(site)));
    }

    /** Whether so little is restored that the code for it, once for each site, is smaller than another switch. */
    private boolean hasNothingToRead(RestoreGroup group) {
        if (!group.monitors.isEmpty() || prologue != Prologue.NONE) {
            return false;
        }
        for (int local = locals.firstRestored(); local < group.locals.size(); local++) {
            if (group.locals.get(local) != Opcodes.TOP) {
                return false;
            }
        }
        return group.saved.isEmpty() || (group.saved.size() == 1 && locals.isReceiver(group.saved.get(0)));
    }

    // ---- from the switch to the sites

    /**
     * Appends the code that the switch leads to.
     *
     * @param sites where each site is gone on with
     */
    void insertRestores(List<LabelNode> sites) {
        outermostMonitors.forEach((entry, label) -> {
            emit.label(label, locals.atRestore(), List.of());
            emit.call("currentSite", "()I");
            emit.add(Opcodes.ICONST_1);
            emit.add(Opcodes.IADD);
            emit.add(Opcodes.ISTORE, locals.pending());
            emit.noConstructed();
            restoreReceiver(monitors.at(entry).locals());
            monitors.enterAgain(monitors.at(entry));
        });
        monitors.insertDispatches(this::groupLabelOf);
        groups.forEach((group, members) -> {
            insertGroup(group, members, sites);
            if (!group.monitors.isEmpty()) {
                monitors.release(requireNonNull(groupLabels.get(group)), group.monitors.size());
            }
        });
        monitors.insertReleases();
        if (delegates()) {
            insertDelegate();
        }
        for (int k = 0; k < analysis.sites().size(); k++) {
            LabelNode label = bareDelegations.get(analysis.sites().get(k));
            if (label != null) {
                insertBareDelegation(label, analysis.sites().get(k), sites.get(k));
            }
        }
    }

    private void insertDelegate() {
        emit.label(delegate, locals.atEntry(), List.of());
        emit.noPending();
        emit.expectConstructor();
        emit.goTo(body);
    }

    private void insertBareDelegation(LabelNode label, Site site, LabelNode call) {
        emit.label(label, locals.atEntry(), List.of());
        emit.noPending();
        emit.expectConstructor();
        restoreEarlyFields(earlyFieldsAt.getOrDefault(site, 0));
        emit.add(Opcodes.ALOAD, 0);
        for (Object argument : site.stack().subList(1, site.stack().size())) {
            emit.pushDefault(argument);
        }
        emit.goTo(call);
    }

    private void insertGroup(RestoreGroup group, List<Integer> members, List<LabelNode> sites) {
        if (hasNothingToRead(group)) {
            for (int k : members) {
                restore(group, restoreLabels.get(k), analysis.sites().get(k));
                goToSite(k, sites);
            }
            return;
        }
        restore(group, requireNonNull(groupLabels.get(group)), analysis.sites().get(members.get(0)));
        if (members.size() == 1) {
            goToSite(members.get(0), sites);
            return;
        }
        LabelNode[] labels = new LabelNode[members.size()];
        int[] keys = new int[members.size()];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = new LabelNode();
            keys[i] = members.get(i);
        }
        emit.call("currentSite", "()I");
        code.add(new LookupSwitchInsnNode(labels[0], keys, labels));
        for (int i = 0; i < labels.length; i++) {
            emit.label(labels[i], locals.at(analysis.sites().get(members.get(i))), List.of());
            goToSite(members.get(i), sites);
        }
    }

    private void restore(RestoreGroup group, LabelNode label, Site any) {
        Object[] types = locals.atRestore();
        locals.addMonitors(types, group.monitors.size());
        if (group.monitors.isEmpty()) {
            emit.label(label, types, List.of());
            restoreReceiver(group.locals);
        } else {
            types[0] = prologue == Prologue.NONE ? types[0] : group.locals.get(0);
            for (SavedLocal lock : monitors.lockLocals(group.monitors)) {
                types[lock.index()] = lock.index() < group.locals.size() ? group.locals.get(lock.index()) : Opcodes.TOP;
            }
            emit.label(label, types, List.of());
        }
        restoreLocals(any);
        restoreEarlyFields(group.earlyFields);
    }

    /**
     * Exchanges the object a constructor was called on again for the one it was called on before. No path of a constructor
     * may end without another one called, so one is, of a superclass, on the object that nobody will see.
     */
    private void restoreReceiver(List<Object> types) {
        if (prologue == Prologue.NONE || Site.precedesConstructor(types)) {
            return;
        }
        emit.call("beginPlaceholder", "()V");
        code.add(Placeholder.construct(requireNonNull(prologue.call())));
        emit.call("endPlaceholder", "()Ljava/lang/Object;");
        emit.cast(owner);
        emit.add(Opcodes.ASTORE, 0);
    }

    private void restoreEarlyFields(int count) {
        for (Prologue.EarlyField field : prologue.fields().subList(0, count)) {
            code.add(new VarInsnNode(Opcodes.ALOAD, 0));
            code.add(field.value().clone(Map.of()));
            code.add(field.store().clone(Map.of()));
        }
    }

    private void restoreLocals(Site site) {
        emit.noPending();
        emit.noConstructed();
        List<SavedLocal> there = monitors.lockLocals(site.monitors());
        for (int i = site.saved().size() - 1; i >= 0; i--) {
            SavedLocal saved = site.saved().get(i);
            if (there.contains(saved)) {
                emit.skip(saved);
            } else if (!locals.isReceiver(saved)) {
                emit.restore(saved, typeOf(site, saved));
            }
        }
        there.addAll(site.saved());
        emit.defaults(site.locals(), there);
    }

    private static Object typeOf(Site site, SavedLocal saved) {
        return saved.index() < site.locals().size() ? site.locals().get(saved.index()) : saved.verificationType();
    }

    private void goToSite(int k, List<LabelNode> sites) {
        Site site = analysis.sites().get(k);
        pushStack(site);
        if (site.kind() == Site.Kind.MONITOR_POLL) {
            monitors.bringObject(monitors.at(site.instruction()));
        }
        if (site.kind().isPoll()) {
            emit.call("restored", "()V");
        }
        emit.goTo(sites.get(k));
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
                emit.call("handle", "(Ljava/lang/invoke/MethodHandle;)Ljava/lang/invoke/MethodHandle;");
            }
        }
        if (site.callsHandle() && handle < 0) {
            emit.call("callSite", "()V");
        }
        if (site.kind() == Site.Kind.CALL) {
            pushArguments(site, (MethodInsnNode) site.instruction());
        } else if (site.kind().constructs()) {
            emit.expectConstructor();
        }
    }

    /** The stack slot of the method handle that is called, or a negative number. */
    private static int handleSlot(Site site) {
        return site.callsHandle() && site.instruction() instanceof MethodInsnNode call
                ? site.stack().size() - (Type.getArgumentsAndReturnSizes(call.desc) >> 2)
                : -1;
    }

    private void pushArguments(Site site, MethodInsnNode call) {
        int slot = site.kept();
        if (call.getOpcode() == Opcodes.INVOKESTATIC) {
            emit.call("staticCallee", "()V");
        } else {
            emit.call("callee", "()Ljava/lang/Object;");
            emit.cast(site.stack().get(slot++));
        }
        for (; slot < site.stack().size(); slot++) {
            emit.pushDefault(site.stack().get(slot));
        }
    }

    /** Lets the program's call sites be linked so that a rebuild can lead them past frames left out. */
    void makePassable() {
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
}
