package dev.ingot.accelerator.host;

import dev.ingot.accelerator.graph.ImportedGraph;
import dev.ingot.accelerator.memory.HostMemory;
import dev.ingot.accelerator.operation.Contract;
import dev.ingot.accelerator.operation.KernelFormat;
import dev.ingot.accelerator.operation.Scalars;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * A contract by name, for a device host, which has the same class path. It needs one only if its device computes by the Java code;
 * a contract with fields, or a lambda, has no name.
 */
final class ContractName {
    private static final String NONE = "";
    /** The contract is in the operation's variant in ONNX. */
    private static final String GRAPH = "a graph";

    private ContractName() {}

    static String of(Contract contract) {
        if (contract instanceof ImportedGraph) {
            return GRAPH;
        }
        if (contract instanceof Enum<?> constant) {
            return constant.getDeclaringClass().getName() + " " + constant.name();
        }
        Class<?> type = contract.getClass();
        return type.isHidden() || type.isAnonymousClass() || hasState(type) ? NONE : type.getName();
    }

    private static boolean hasState(Class<?> type) {
        for (Class<?> each = type; each != null; each = each.getSuperclass()) {
            for (Field field : each.getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers())) {
                    return true;
                }
            }
        }
        return false;
    }

    /** The contract of this name; if there is none, one that says so when it is used. */
    static Contract find(String name, String operation, Map<KernelFormat, String> variants) {
        if (name.equals(GRAPH)) {
            return ImportedGraph.of(Base64.getDecoder().decode(variants.getOrDefault(KernelFormat.ONNX, "")));
        }
        if (name.equals(NONE)) {
            return new Missing("the contract of " + operation + " has fields or is a lambda, so a device host cannot"
                    + " have it; make it a class without fields");
        }
        try {
            String[] words = name.split(" ", 2);
            Class<?> type = Class.forName(words[0]);
            if (words.length == 2) {
                return (Contract) constant(type, words[1]);
            }
            Constructor<?> constructor = type.getDeclaredConstructor();
            constructor.setAccessible(true);
            return (Contract) constructor.newInstance();
        } catch (ReflectiveOperationException | LinkageError | RuntimeException e) {
            return new Missing("the device host cannot make the contract of " + operation + ": " + e);
        }
    }

    private static Object constant(Class<?> type, String name) throws NoSuchFieldException {
        for (Object constant : type.getEnumConstants()) {
            if (((Enum<?>) constant).name().equals(name)) {
                return constant;
            }
        }
        throw new NoSuchFieldException(type.getName() + "." + name);
    }

    private record Missing(String reason) implements Contract {
        @Override
        public long items(Scalars scalars) {
            throw new UnsupportedOperationException(reason);
        }

        @Override
        public long elements(int operand, Scalars scalars) {
            throw new UnsupportedOperationException(reason);
        }

        @Override
        public void compute(List<HostMemory> operands, Scalars scalars, long from, long to) {
            throw new UnsupportedOperationException(reason);
        }
    }
}
