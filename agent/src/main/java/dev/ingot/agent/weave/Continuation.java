package dev.ingot.agent.weave;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.IincInsnNode;
import org.objectweb.asm.tree.IntInsnNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.LookupSwitchInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.MultiANewArrayInsnNode;
import org.objectweb.asm.tree.TableSwitchInsnNode;
import org.objectweb.asm.tree.TryCatchBlockNode;
import org.objectweb.asm.tree.TypeInsnNode;
import org.objectweb.asm.tree.VarInsnNode;

/**
 * What a method may still do once a call returns or throws: two versions of a method in which that is the same, and in which the
 * same is kept, can go on for each other from there, whatever they did before. Locals are told by the order in which they are kept
 * and then used, instructions by the order in which they are reached.
 */
final class Continuation {
    private final MethodNode method;
    private final AbstractInsnNode[] insns;
    /** By index of a local: the number under which it was first kept or used, from one. */
    private int[] locals;

    private int localCount;
    /** By index of the instruction: the number under which it was first referred to or reached, from one. */
    private final int[] places;

    private final boolean[] reached;
    private final Deque<Integer> waiting = new ArrayDeque<>();
    private int placeCount;
    private List<TryCatchBlockNode> handlers = List.of();
    private int hash = 1;

    private Continuation(MethodNode method, AbstractInsnNode[] insns) {
        this.method = method;
        this.insns = insns;
        this.locals = new int[method.maxLocals];
        this.places = new int[insns.length];
        this.reached = new boolean[insns.length];
    }

    /** Hashes of what follows each of the sites that are calls of methods; zero for the others. */
    static int[] hashes(MethodNode method, List<Site> sites) {
        int[] hashes = new int[sites.size()];
        AbstractInsnNode[] insns = method.instructions.toArray();
        for (int k = 0; k < hashes.length; k++) {
            Site site = sites.get(k);
            boolean repeats = site.kind() == Site.Kind.REPLAY && !site.callsHandle();
            if (site.kind() == Site.Kind.CALL || repeats) {
                hashes[k] = new Continuation(method, insns).after(site);
            }
        }
        return hashes;
    }

    private int after(Site site) {
        for (SavedLocal saved : site.saved()) {
            add(saved.sort());
            local(saved.index());
        }
        for (StackSource source : site.sources()) {
            addSource(source);
        }
        int call = index(site.instruction());
        add(site.kind() == Site.Kind.CALL ? 0 : 1);
        add(site.monitorsToLeave());
        add(operandOf(site.instruction()));
        addHandlers(call);
        reach(call + 1);
        while (!waiting.isEmpty()) {
            reach(waiting.remove());
        }
        return hash == 0 ? 1 : hash;
    }

    private void addSource(StackSource source) {
        if (source instanceof StackSource.FromLocal kept) {
            add(kept.sort());
            add(local(kept.index()));
        } else if (source instanceof StackSource.FromConstant constant) {
            add(constant.push().getOpcode());
            add(operandOf(constant.push()));
        } else {
            add(0);
        }
    }

    /** Follows the code from an instruction until it ends or comes to what was reached before. */
    private void reach(int from) {
        int at = from;
        while (true) {
            at = destination(at);
            add(place(at));
            if (reached[at]) {
                return;
            }
            reached[at] = true;
            addHandlers(at);
            addInstruction(insns[at]);
            if (endsHere(insns[at])) {
                return;
            }
            at++;
        }
    }

    private void addHandlers(int at) {
        if (method.tryCatchBlocks.isEmpty()) {
            return;
        }
        List<TryCatchBlockNode> covering = new ArrayList<>();
        for (TryCatchBlockNode block : method.tryCatchBlocks) {
            if (index(block.start) <= at && at < index(block.end)) {
                covering.add(block);
            }
        }
        if (covering.equals(handlers)) {
            return;
        }
        handlers = covering;
        for (TryCatchBlockNode block : covering) {
            add(block.type == null ? 0 : block.type.hashCode());
            refer(block.handler);
        }
    }

    private void addInstruction(AbstractInsnNode insn) {
        add(insn.getOpcode());
        if (insn instanceof VarInsnNode access) {
            add(local(access.var));
        } else if (insn instanceof IincInsnNode increment) {
            add(local(increment.var));
            add(increment.incr);
        } else if (insn instanceof JumpInsnNode jump) {
            refer(jump.label);
        } else if (insn instanceof TableSwitchInsnNode choice) {
            add(choice.min);
            add(choice.max);
            choice.labels.forEach(this::refer);
            refer(choice.dflt);
        } else if (insn instanceof LookupSwitchInsnNode choice) {
            add(choice.keys.hashCode());
            choice.labels.forEach(this::refer);
            refer(choice.dflt);
        } else {
            add(operandOf(insn));
        }
    }

    private static int operandOf(AbstractInsnNode insn) {
        if (insn instanceof MethodInsnNode call) {
            return (call.owner + BodyHash.withoutNumber(call.name) + call.desc).hashCode();
        }
        if (insn instanceof FieldInsnNode field) {
            return (field.owner + field.name + field.desc).hashCode();
        }
        if (insn instanceof TypeInsnNode type) {
            return type.desc.hashCode();
        }
        if (insn instanceof LdcInsnNode constant) {
            return constant.cst.toString().hashCode();
        }
        if (insn instanceof IntInsnNode push) {
            return push.operand;
        }
        if (insn instanceof InvokeDynamicInsnNode call) {
            return (call.name + call.desc + linkage(call)).hashCode();
        }
        return insn instanceof MultiANewArrayInsnNode array ? array.desc.hashCode() + array.dims : 0;
    }

    private static String linkage(InvokeDynamicInsnNode call) {
        StringBuilder linkage = new StringBuilder();
        for (Object argument : call.bsmArgs) {
            linkage.append(
                    argument instanceof Handle handle
                            ? handle.getTag()
                                    + handle.getOwner()
                                    + BodyHash.withoutNumber(handle.getName())
                                    + handle.getDesc()
                            : argument);
            linkage.append(' ');
        }
        return linkage.toString();
    }

    private static boolean endsHere(AbstractInsnNode insn) {
        int opcode = insn.getOpcode();
        return (opcode >= Opcodes.IRETURN && opcode <= Opcodes.RETURN)
                || opcode == Opcodes.ATHROW
                || opcode == Opcodes.TABLESWITCH
                || opcode == Opcodes.LOOKUPSWITCH;
    }

    private void refer(LabelNode label) {
        int at = destination(index(label));
        if (places[at] == 0) {
            waiting.add(at);
        }
        add(place(at));
    }

    /** The first instruction that does something; any of a loop that does nothing. */
    private int destination(int from) {
        int at = from;
        for (int steps = 0; steps < insns.length; steps++) {
            if (insns[at] instanceof JumpInsnNode jump && jump.getOpcode() == Opcodes.GOTO) {
                at = index(jump.label);
            } else if (insns[at].getOpcode() < 0) {
                at++;
            } else {
                break;
            }
        }
        return at;
    }

    private int place(int at) {
        if (places[at] == 0) {
            places[at] = ++placeCount;
        }
        return places[at];
    }

    private int local(int index) {
        if (index >= locals.length) {
            locals = Arrays.copyOf(locals, index + 1);
        }
        if (locals[index] == 0) {
            locals[index] = ++localCount;
        }
        return locals[index];
    }

    private int index(AbstractInsnNode insn) {
        return method.instructions.indexOf(insn);
    }

    private void add(int token) {
        hash = 31 * hash + token;
    }
}
