package dev.ingot.agent.weave;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * The exception handlers that take a frame down: they leave its monitors, save what lives and throw on.
 *
 * <p>They are first in the exception table, so no handler of the program sees the signal; one handler serves all sites with the
 * same live locals.
 */
final class CaptureHandlers {

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

    private final String owner;
    private final MethodNode method;
    private final WeaverLocals locals;
    private final Emitter emit;
    /** Where a thread that has waited at its base goes on; null in a method that is no base. */
    private final @Nullable LabelNode restart;

    private final Map<HandlerKey, LabelNode> handlers = new LinkedHashMap<>();
    private final HandlerRanges ranges = new HandlerRanges();

    CaptureHandlers(String owner, MethodNode method, WeaverLocals locals, Emitter emit, @Nullable LabelNode restart) {
        this.owner = owner;
        this.method = method;
        this.locals = locals;
        this.emit = emit;
        this.restart = restart;
    }

    /** Gives the next site, in the order of the code, which spans these labels, its handler. */
    void cover(Site site, LabelNode begin, LabelNode end) {
        HandlerKey key = new HandlerKey(savedBy(site), site.monitorsToLeave(), receiverAt(site));
        LabelNode handler = handlers.computeIfAbsent(key, unused -> new LabelNode());
        ranges.add(site.kind(), begin, end, handler, key.saved, !locals.isStatic());
    }

    private List<SavedLocal> savedBy(Site site) {
        List<SavedLocal> saved = site.saved();
        return !saved.isEmpty() && locals.isReceiver(saved.get(0)) ? saved.subList(1, saved.size()) : saved;
    }

    private Receiver receiverAt(Site site) {
        if (locals.isStatic()) {
            return Receiver.NONE;
        }
        return site.precedesConstructor() ? Receiver.UNINITIALIZED : Receiver.INITIALIZED;
    }

    /** Puts the ranges of the handlers into the exception table, once nothing is added to the code any more. */
    void insertRanges() {
        ranges.insertInto(method);
    }

    /**
     * Writes the handlers. Each saves its locals from the highest to the lowest, so that two handlers with the same lower
     * locals share the code for these: what a handler does after its first saves is the whole of what another one does.
     */
    void insert() {
        Set<HandlerKey> shared = sharedTails();
        Map<HandlerKey, LabelNode> tails = new HashMap<>();
        for (Map.Entry<HandlerKey, LabelNode> handler : handlers.entrySet()) {
            HandlerKey key = handler.getKey();
            emit.label(handler.getValue(), typesIn(key), List.of(RuntimeNames.SIGNAL));
            // First of all: a call before could throw with a monitor held, and the compilers refuse such a method.
            leaveMonitors(key.monitors);
            method.instructions.add(new InvokeDynamicInsnNode("unwind", "()V", RuntimeNames.UNWIND));
            insertTail(key, shared, tails);
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
                emit.goTo(present);
                return;
            }
            if (shared.contains(tail)) {
                LabelNode label = new LabelNode();
                written.put(tail, label);
                emit.label(label, typesIn(tail), List.of(RuntimeNames.SIGNAL));
            }
            if (tail.saved.isEmpty()) {
                end(tail);
                return;
            }
            save(tail.highest());
            tail = tail.withoutHighest();
        }
    }

    private Object[] typesIn(HandlerKey key) {
        Object[] types = locals.empty();
        for (SavedLocal saved : key.saved) {
            types[saved.index()] = saved.verificationType();
        }
        locals.add(types, key.monitors);
        if (locals.hasPending()) {
            types[locals.pending()] = Opcodes.TOP;
        }
        if (locals.hasConstructed()) {
            types[locals.constructed()] = Opcodes.TOP;
        }
        if (!locals.isStatic() && !locals.copiesReceiver()) {
            types[0] = key.receiver == Receiver.INITIALIZED ? owner : Opcodes.UNINITIALIZED_THIS;
        }
        return types;
    }

    private void leaveMonitors(int monitors) {
        for (int depth = monitors - 1; depth >= 0; depth--) {
            emit.add(Opcodes.ALOAD, locals.monitor(depth));
            emit.add(Opcodes.MONITOREXIT);
        }
    }

    private void save(SavedLocal saved) {
        method.instructions.add(Emitter.load(saved));
        emit.call("save", "(" + SavedLocal.typeOf(saved.sort()).getDescriptor() + ")V");
    }

    private void end(HandlerKey key) {
        saveReceiverAndMonitors(key);
        if (restart == null) {
            emit.add(Opcodes.ATHROW);
            return;
        }
        emit.call("base", "(L" + RuntimeNames.SIGNAL + ";)V");
        if (locals.copiesReceiver()) {
            emit.add(Opcodes.ALOAD, locals.receiverCopy());
            emit.add(Opcodes.ASTORE, 0);
        }
        emit.goTo(restart);
    }

    private void saveReceiverAndMonitors(HandlerKey key) {
        if (key.receiver == Receiver.INITIALIZED) {
            emit.add(Opcodes.ALOAD, locals.receiver());
            emit.call("saveReceiver", "(Ljava/lang/Object;)V");
        }
        for (int depth = 0; depth < key.monitors; depth++) {
            emit.add(Opcodes.ALOAD, locals.monitor(depth));
            emit.call("saveMonitor", "(Ljava/lang/Object;)V");
        }
    }
}
