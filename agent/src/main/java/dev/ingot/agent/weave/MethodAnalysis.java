package dev.ingot.agent.weave;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Label;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.IincInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.VarInsnNode;

/**
 * Finds a method's sites and what must be saved at each.
 *
 * <p>A value on the operand stack below a call's arguments is lost when the call unwinds. Most such values were loaded from a
 * local that still holds them, or are constants; for the others the analysis asks for a copy into a fresh local right after
 * the instruction that pushes them ({@link #copies()}), which costs less than moving the stack out of the way before the call
 * and back.
 */
final class MethodAnalysis {

    /**
     * A copy of stack values into locals, made right after {@code after}.
     *
     * @param after the instruction that pushed the value, or the frame at which control flows join
     * @param locals copied top first; more than one only where control flows join
     */
    record Copies(AbstractInsnNode after, List<SavedLocal> locals) {}

    /**
     * An instruction that enters a monitor.
     *
     * @param instruction the {@code monitorenter}
     * @param outer the entries of the monitors that the frame holds before, outermost first
     * @param lock where the object is kept; null if that is not known
     * @param locals verification types by local index
     * @param stack verification types by slot, the object to lock on top
     */
    record MonitorEntry(
            AbstractInsnNode instruction,
            List<AbstractInsnNode> outer,
            @Nullable LockLocal lock,
            List<Object> locals,
            List<Object> stack) {
        int depth() {
            return outer.size();
        }

        /** Where a rebuild comes in. */
        AbstractInsnNode begin() {
            return lock == null ? instruction : lock.begin();
        }

        List<Object> stackAtBegin() {
            return loadedFrom() == null ? stack : stackBelow();
        }

        /** The local in which the object is when the entry begins; null if it is on the stack. */
        @Nullable LockLocal loadedFrom() {
            return lock != null && lock.isLoaded() ? lock : null;
        }

        /** The stack without the object to lock. */
        List<Object> stackBelow() {
            return stack.subList(0, stack.size() - 1);
        }

        MonitorEntry withoutLock() {
            return new MonitorEntry(instruction, outer, null, locals, stack);
        }
    }

    private final Constants constants;
    private final MethodNode method;
    private final MethodShape shape;
    private final AbstractInsnNode[] insns;
    private final BitSet loopHeaders;
    private final ControlFlow.@Nullable Monitor[] monitors;
    private final List<MonitorEntry> monitorEntries = new ArrayList<>();
    private final Map<AbstractInsnNode, Stop> monitorPolls = new HashMap<>();
    private final ControlFlow flow;
    private final Prologue prologue;
    private final Set<AbstractInsnNode> relocated;
    private final Map<Object, Stop> creations = new HashMap<>();
    private @Nullable LiveLocals live;
    private final List<Stop> stops = new ArrayList<>();
    private final List<Site> sites = new ArrayList<>();
    private final Map<AbstractInsnNode, Copies> copies = new HashMap<>();
    private final Map<Integer, List<Object>> joinedStacks = new TreeMap<>();
    private List<Object> parameters = List.of();
    private boolean forgetsFields;
    private List<Long> producers = new ArrayList<>();

    private MethodAnalysis(
            Constants constants,
            MethodNode method,
            Set<AbstractInsnNode> relocated,
            Prologue prologue,
            MethodShape shape)
            throws RefusedException {
        this.constants = constants;
        this.method = method;
        this.relocated = relocated;
        this.prologue = prologue;
        this.shape = shape;
        this.insns = method.instructions.toArray();
        this.flow = new ControlFlow(method);
        this.loopHeaders = shape.loopPolls() ? flow.loopHeaders() : new BitSet();
        this.monitors = flow.monitors();
    }

    /**
     * A site as the walk over the code meets it; where its stack can be had again is known only after the walk.
     *
     * @param index of the call, or of the instruction before which a poll goes
     * @param start index of the instruction before which locals and stack are as given
     */
    private record Stop(
            Site.Kind kind,
            int index,
            int start,
            List<Object> locals,
            List<Object> stack,
            int kept,
            List<Long> producers) {}

    /**
     * Analyses a method.
     *
     * @param relocated the instructions that create objects behind the arguments of their constructors
     * @throws RefusedException if the method cannot be woven
     */
    static MethodAnalysis of(
            Constants constants,
            MethodNode method,
            Set<AbstractInsnNode> relocated,
            Prologue prologue,
            MethodShape shape)
            throws RefusedException {
        MethodAnalysis analysis = new MethodAnalysis(constants, method, relocated, prologue, shape);
        analysis.walk();
        analysis.makeCopies();
        analysis.makeSites();
        return analysis;
    }

    /** The sites in the order of the code. */
    List<Site> sites() {
        return sites;
    }

    Map<AbstractInsnNode, Copies> copies() {
        return copies;
    }

    /** The instructions that enter monitors, in the order of the code. */
    List<MonitorEntry> monitorEntries() {
        return monitorEntries;
    }

    /** The number of monitors held before {@code insn}, one of the method's original instructions. */
    int monitorDepthAt(int index) {
        ControlFlow.Monitor innermost = monitors[index];
        return innermost == null ? 0 : innermost.depth();
    }

    private List<AbstractInsnNode> monitorsHeldAt(int index) {
        List<AbstractInsnNode> held = new ArrayList<>();
        for (ControlFlow.Monitor monitor = monitors[index]; monitor != null; monitor = monitor.outer()) {
            if (monitor.depth() > 0) {
                held.add(insns[monitor.entry()]);
            }
        }
        Collections.reverse(held);
        return held;
    }

    /** The instructions at which the monitor is held that the one at {@code entry} enters. */
    private BitSet heldFrom(int entry) {
        BitSet held = new BitSet();
        for (int index = 0; index < insns.length; index++) {
            for (ControlFlow.Monitor monitor = monitors[index]; monitor != null; monitor = monitor.outer()) {
                if (monitor.entry() == entry) {
                    held.set(index);
                }
            }
        }
        return held;
    }

    private void walk() {
        TypeTracker types = new TypeTracker(constants.owner(), method.access, method.name, method.desc);
        parameters = types.localTypes();
        boolean entered = false;
        for (int i = 0; i < insns.length; i++) {
            AbstractInsnNode insn = insns[i];
            forgetsFields |= insn == prologue.forgetsFieldsFrom();
            if (insn instanceof FrameNode) {
                insn.accept(types);
                joinAt(i, types);
                continue;
            }
            if (!types.reachable() || insn.getOpcode() < 0) {
                insn.accept(types);
                continue;
            }
            if (!entered && shape.entryPoll()) {
                addSite(Site.Kind.ENTRY_POLL, i, types);
            }
            entered = true;
            if (followsLoopHeader(method.instructions, insn, loopHeaders)) {
                addSite(Site.Kind.LOOP_POLL, i, types);
            }
            if (insn.getOpcode() == Opcodes.MONITORENTER) {
                LockLocal lock = LockLocal.of(insns, insn, heldFrom(i));
                monitorEntries.add(
                        new MonitorEntry(insn, monitorsHeldAt(i), lock, types.localTypes(), types.stackTypes()));
                Stop poll = stop(Site.Kind.MONITOR_POLL, i, types);
                monitorPolls.put(insn, poll);
                addSite(poll);
            }
            Site.Kind call = callKind(insn);
            if (call == Site.Kind.CONSTRUCTION) {
                addConstruction(i, types);
            } else if (call != null) {
                addSite(call, i, types);
            }
            Stop creation = insn.getOpcode() == Opcodes.NEW ? stop(Site.Kind.CONSTRUCTION, i, types) : null;
            step(i, insn, types);
            if (creation != null && types.height() > 0) {
                creations.put(types.top(), creation);
            }
        }
    }

    private static Site.@Nullable Kind callKind(AbstractInsnNode insn) {
        CallPolicy.Answer answer;
        if (insn instanceof MethodInsnNode call) {
            answer = CallPolicy.of(call);
        } else if (insn instanceof InvokeDynamicInsnNode call) {
            answer = CallPolicy.of(call);
        } else {
            return null;
        }
        return switch (answer) {
            case CLOSED -> null;
            case CALL -> Site.Kind.CALL;
            case REPLAY -> Site.Kind.REPLAY;
            case CONSTRUCTOR -> Site.Kind.CONSTRUCTION;
        };
    }

    static boolean isCallSite(AbstractInsnNode insn) {
        return callKind(insn) != null;
    }

    /** Whether {@code insn} is the first real instruction of a loop. */
    static boolean followsLoopHeader(InsnList code, AbstractInsnNode insn, BitSet headers) {
        AbstractInsnNode before = insn.getPrevious();
        while (before != null && before.getOpcode() < 0) {
            if (before instanceof LabelNode && headers.get(code.indexOf(before))) {
                return true;
            }
            before = before.getPrevious();
        }
        return false;
    }

    // ---- which instruction pushed each stack slot

    private void step(int index, AbstractInsnNode insn, TypeTracker types) {
        int before = types.height();
        int made = madeBy(insn, types);
        insn.accept(types);
        if (StackEffect.moves(insn.getOpcode())) {
            producers = moved(insn.getOpcode(), producers);
            return;
        }
        int pushed = types.reachable() ? StackEffect.pushed(insn) : 0;
        int left = Math.min(before, Math.max(0, types.height() - pushed));
        if (left < producers.size()) {
            producers.subList(left, producers.size()).clear();
        }
        for (int i = 0; i < pushed; i++) {
            producers.add(producer(index, 0));
        }
        if (made >= 0) {
            // A rebuild exchanges the object there, and in no other place that it was copied from.
            producers.set(made, producer(index, 0));
        }
    }

    /** The stack slot in which the constructor that {@code insn} calls leaves a new object; negative if there is none. */
    private static int madeBy(AbstractInsnNode insn, TypeTracker types) {
        if (!types.reachable() || !(insn instanceof MethodInsnNode call) || !call.name.equals("<init>")) {
            return -1;
        }
        List<Object> stack = types.stackTypes();
        int receiver = stack.size() - argumentSlots(call);
        Object object = stack.get(receiver);
        return receiver > 0 && object instanceof Label && stack.get(receiver - 1) == object ? receiver - 1 : -1;
    }

    /** Names a pushed value: by its instruction, and where control flows join also by its slot there. */
    private static long producer(int index, int slot) {
        return (long) index << Integer.SIZE | slot;
    }

    private void joinAt(int index, TypeTracker types) {
        producers = new ArrayList<>();
        for (int slot = 0; slot < types.height(); slot++) {
            producers.add(producer(index, slot));
        }
        if (types.height() > 0) {
            joinedStacks.put(index, types.stackTypes());
        }
    }

    private static List<Long> moved(int opcode, List<Long> stack) {
        List<Long> result = new ArrayList<>(stack);
        int top = result.size();
        switch (opcode) {
            case Opcodes.DUP -> result.add(stack.get(top - 1));
            case Opcodes.DUP_X1 -> result.add(top - 2, stack.get(top - 1));
            case Opcodes.DUP_X2 -> result.add(top - 3, stack.get(top - 1));
            case Opcodes.DUP2 -> result.addAll(stack.subList(top - 2, top));
            case Opcodes.DUP2_X1 -> result.addAll(top - 3, stack.subList(top - 2, top));
            case Opcodes.DUP2_X2 -> result.addAll(top - 4, stack.subList(top - 2, top));
            case Opcodes.SWAP -> {
                result.set(top - 1, stack.get(top - 2));
                result.set(top - 2, stack.get(top - 1));
            }
            default -> throw new IllegalArgumentException("not a stack move: " + opcode);
        }
        return result;
    }

    // ---- sites

    private void addSite(Site.Kind kind, int index, TypeTracker types) {
        addSite(stop(kind, index, types));
    }

    private void addSite(Stop stop) {
        boolean forgets = forgetsFields && stop.kind != Site.Kind.DELEGATION && Site.precedesConstructor(stop.locals);
        if (stop.kept <= shape.mostKept() && !forgets) {
            stops.add(stop);
        }
    }

    private Stop stop(Site.Kind kind, int index, TypeTracker types) {
        List<Object> stack = types.stackTypes();
        int kept = stack.size()
                - switch (kind) {
                    case CALL, DELEGATION, BARE_DELEGATION -> argumentSlots(insns[index]);
                    case MONITOR_POLL -> 1;
                    default -> 0;
                };
        return new Stop(
                kind, index, index, types.localTypes(), stack, kept, new ArrayList<>(producers.subList(0, kept)));
    }

    /**
     * Adds the call of a constructor. That of a new object is re-entered at its creation, so what lies between must be
     * repeatable; where it is not, or the object is left in more than one place, there is no site and the thread is pinned.
     */
    private void addConstruction(int index, TypeTracker types) {
        List<Object> stack = types.stackTypes();
        int receiver = stack.size() - argumentSlots(insns[index]);
        Object object = stack.get(receiver);
        if (object == Opcodes.UNINITIALIZED_THIS) {
            if (prologue.isRepeatable()) {
                addSite(Site.Kind.DELEGATION, index, types);
            } else if (receiver == 0 && keepsOnlyParameters(index, types.localTypes())) {
                addSite(Site.Kind.BARE_DELEGATION, index, types);
            }
            return;
        }
        Stop creation = creations.get(object);
        if (creation == null
                || !(relocated.contains(insns[creation.index])
                        || Construction.repeats(insns[creation.index], insns[index]))) {
            return;
        }
        boolean isKept = receiver > 0 && stack.get(receiver - 1) == object;
        List<Object> elsewhere = new ArrayList<>(stack.subList(0, isKept ? receiver - 1 : receiver));
        for (int local = 0; local < types.localTypes().size(); local++) {
            if (live().at(index + 1, local)) {
                elsewhere.add(types.localTypes().get(local));
            }
        }
        if (!elsewhere.contains(object)) {
            addSite(new Stop(
                    isKept ? Site.Kind.CONSTRUCTION : Site.Kind.DROPPED_CONSTRUCTION,
                    index,
                    creation.index,
                    creation.locals,
                    creation.stack,
                    creation.stack.size(),
                    creation.producers));
        }
    }

    /** Whether no local is read at {@code index} or behind it but those which are as the method's caller passed them. */
    private boolean keepsOnlyParameters(int index, List<Object> locals) {
        for (int local = 1; local < locals.size(); local++) {
            Object type = locals.get(local);
            if (type != Opcodes.TOP
                    && live().at(index, local)
                    && !(local < parameters.size()
                            && parameters.get(local).equals(type)
                            && unchanged(local, SavedLocal.sortOf(type), -1, index))) {
                return false;
            }
        }
        return true;
    }

    /** Asks for a copy of each value that some site cannot have again otherwise; all sites then use it. */
    private void makeCopies() {
        for (Stop stop : stops) {
            for (int slot = 0; slot < stop.kept; slot++) {
                Object type = stop.stack.get(slot);
                long value = stop.producers.get(slot);
                if (type != Opcodes.TOP && !canBeHadAgain(value, type, stop.start)) {
                    copy((int) (value >>> Integer.SIZE), SavedLocal.sortOf(type));
                }
            }
        }
    }

    private void makeSites() {
        if (stops.isEmpty()) {
            return;
        }
        monitorEntries.replaceAll(this::withoutDead);
        monitorEntries.forEach(this::addCopies);
        for (Stop stop : stops) {
            List<StackSource> sources = sourcesOf(stop);
            List<Object> locals = new ArrayList<>(stop.locals);
            forgetDead(locals, stop.start);
            Map<Integer, SavedLocal> saved = new TreeMap<>();
            for (int local = 0; local < locals.size(); local++) {
                save(local, locals, saved);
            }
            for (StackSource source : sources) {
                if (source instanceof StackSource.FromLocal local) {
                    saved.put(local.index(), new SavedLocal(local.index(), local.sort()));
                    if (local.index() < locals.size()) {
                        locals.set(local.index(), stop.locals.get(local.index()));
                    }
                }
            }
            sites.add(new Site(
                    stop.kind,
                    insns[stop.index],
                    insns[stop.start],
                    locals,
                    stop.stack,
                    stop.kept,
                    sources,
                    List.copyOf(saved.values()),
                    monitorsHeldAt(stop.start),
                    needsArguments(stop.kind, locals)));
        }
    }

    private boolean needsArguments(Site.Kind kind, List<Object> live) {
        if (!kind.delegates()) {
            return false;
        }
        for (Object type : live.subList(1, live.size())) {
            if (type != Opcodes.TOP) {
                return true;
            }
        }
        return kind == Site.Kind.DELEGATION
                ? !prologue.ignoresArguments()
                : !prologue.fields().isEmpty();
    }

    /** Takes out the locals that are dead both where the entry begins and where the monitor is entered. */
    private MonitorEntry withoutDead(MonitorEntry entry) {
        int begin = method.instructions.indexOf(entry.begin());
        int enter = method.instructions.indexOf(entry.instruction);
        forgetDead(entry.locals, begin, enter);
        LockLocal lock = entry.lock;
        boolean hidesLive = lock != null && !lock.isLoaded() && live().at(begin, lock.index());
        return hidesLive ? entry.withoutLock() : entry;
    }

    /** Adds the copies of what is on the stack below the object: sites at which the monitor is held have it from there. */
    private void addCopies(MonitorEntry entry) {
        Stop poll = requireNonNull(monitorPolls.get(entry.instruction));
        if (poll.kept > shape.mostKept()) {
            return;
        }
        for (StackSource source : sourcesOf(poll)) {
            if (source instanceof StackSource.FromLocal copy && copy.index() >= poll.locals.size()) {
                SavedLocal local = new SavedLocal(copy.index(), copy.sort());
                int end = local.index() + SavedLocal.sizeOf(local.sort());
                while (entry.locals.size() < end) {
                    entry.locals.add(Opcodes.TOP);
                }
                entry.locals.set(local.index(), local.verificationType());
            }
        }
    }

    private List<StackSource> sourcesOf(Stop stop) {
        List<StackSource> sources = new ArrayList<>();
        for (int slot = 0; slot < stop.kept; slot++) {
            Object type = stop.stack.get(slot);
            if (type != Opcodes.TOP) {
                sources.add(sourceOf(stop.producers.get(slot), type));
            }
        }
        return sources;
    }

    /**
     * Takes dead locals out of a frame: what is not there need not be restored. The receiver stays, because handlers save it.
     *
     * @param locals verification types by local index
     * @param index of the instruction at which the frame stands
     */
    void forgetDead(List<Object> locals, int index) {
        forgetDead(locals, index, index);
    }

    private void forgetDead(List<Object> locals, int index, int later) {
        boolean isStatic = (method.access & Opcodes.ACC_STATIC) != 0;
        int first = shape.keepsParameters() ? parameters.size() : isStatic ? 0 : 1;
        for (int local = first; local < locals.size(); local++) {
            if (locals.get(local) != Opcodes.TOP && !live().at(index, local) && !live().at(later, local)) {
                locals.set(local, Opcodes.TOP);
            }
        }
    }

    private LiveLocals live() {
        LiveLocals computed = live;
        if (computed == null) {
            computed = flow.liveLocals(prologue);
            live = computed;
        }
        return computed;
    }

    private static void save(int local, List<Object> locals, Map<Integer, SavedLocal> saved) {
        Object type = locals.get(local);
        boolean holdsValue = type != Opcodes.TOP && type != Opcodes.NULL && type != Opcodes.UNINITIALIZED_THIS;
        if (holdsValue && !(type instanceof Label)) {
            saved.put(local, new SavedLocal(local, SavedLocal.sortOf(type)));
        }
    }

    private static int argumentSlots(AbstractInsnNode insn) {
        if (insn instanceof InvokeDynamicInsnNode call) {
            return (Type.getArgumentsAndReturnSizes(call.desc) >> 2) - 1;
        }
        MethodInsnNode call = (MethodInsnNode) insn;
        int slots = Type.getArgumentsAndReturnSizes(call.desc) >> 2;
        return call.getOpcode() == Opcodes.INVOKESTATIC ? slots - 1 : slots;
    }

    private boolean canBeHadAgain(long value, Object type, int site) {
        int producer = (int) (value >>> Integer.SIZE);
        AbstractInsnNode insn = insns[producer];
        return type == Opcodes.NULL
                || type == Opcodes.UNINITIALIZED_THIS
                || constants.arePushedBy(insn)
                || (insn instanceof VarInsnNode load
                        && load.getOpcode() <= Opcodes.ALOAD
                        && unchanged(load.var, SavedLocal.sortOf(type), producer, site));
    }

    private StackSource sourceOf(long value, Object type) {
        int producer = (int) (value >>> Integer.SIZE);
        AbstractInsnNode insn = insns[producer];
        if (type == Opcodes.NULL) {
            return new StackSource.Null();
        }
        if (type == Opcodes.UNINITIALIZED_THIS) {
            return StackSource.RECEIVER;
        }
        Copies made = copies.get(insn);
        if (made != null) {
            int index = insn instanceof FrameNode ? valueIndex(producer, (int) value) : 0;
            SavedLocal copy = made.locals().get(index);
            return new StackSource.FromLocal(copy.index(), copy.sort());
        }
        if (constants.arePushedBy(insn)) {
            return new StackSource.FromConstant(insn);
        }
        return new StackSource.FromLocal(((VarInsnNode) insn).var, SavedLocal.sortOf(type));
    }

    private boolean unchanged(int local, char sort, int from, int to) {
        int last = local + SavedLocal.sizeOf(sort) - 1;
        for (int i = from + 1; i < to; i++) {
            if (insns[i] instanceof VarInsnNode store && store.getOpcode() >= Opcodes.ISTORE) {
                boolean wide = store.getOpcode() == Opcodes.LSTORE || store.getOpcode() == Opcodes.DSTORE;
                if (store.var <= last && store.var + (wide ? 1 : 0) >= local) {
                    return false;
                }
            } else if (insns[i] instanceof IincInsnNode increment && increment.var == local) {
                return false;
            }
        }
        return true;
    }

    private void copy(int producer, char sort) {
        AbstractInsnNode insn = insns[producer];
        if (copies.containsKey(insn)) {
            return;
        }
        List<SavedLocal> locals = new ArrayList<>();
        if (insn instanceof FrameNode) {
            // Where control flows join, the values cannot be told apart by producer: all are copied.
            for (Object type : joinedStack(producer)) {
                if (type != Opcodes.TOP) {
                    locals.add(newLocal(SavedLocal.sortOf(type)));
                }
            }
        } else {
            locals.add(newLocal(sort));
        }
        copies.put(insn, new Copies(insn, locals));
    }

    private List<Object> joinedStack(int producer) {
        return joinedStacks.getOrDefault(producer, List.of());
    }

    private int valueIndex(int producer, int slot) {
        List<Object> stack = joinedStack(producer);
        int value = 0;
        for (int i = 0; i < slot; i++) {
            if (stack.get(i) != Opcodes.TOP) {
                value++;
            }
        }
        return value;
    }

    private SavedLocal newLocal(char sort) {
        SavedLocal local = new SavedLocal(method.maxLocals, sort);
        method.maxLocals += SavedLocal.sizeOf(sort);
        return local;
    }

    /** The first instruction with an opcode at or after {@code insn}. */
    static @Nullable AbstractInsnNode real(@Nullable AbstractInsnNode insn) {
        AbstractInsnNode found = insn;
        while (found != null && found.getOpcode() < 0) {
            found = found.getNext();
        }
        return found;
    }

    /** The frame that already stands where {@code insn} does, or {@code null}. */
    static @Nullable FrameNode frameAt(AbstractInsnNode insn) {
        AbstractInsnNode before = insn.getPrevious();
        while (before instanceof LabelNode || before instanceof LineNumberNode) {
            before = before.getPrevious();
        }
        return before instanceof FrameNode frame ? frame : null;
    }
}
