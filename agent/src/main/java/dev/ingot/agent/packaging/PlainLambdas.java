package dev.ingot.agent.packaging;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * Makes classes of the lambdas of Ingot's own classes. A JVM that starts or resumes a program has each of them for the first time: to have
 * one made costs it several times what loading a class does. Those that need a conversion beyond casts and boxes stay as they are.
 */
public final class PlainLambdas {
    private static final String SUFFIX = ".classdata";
    private static final String FACTORY = "java/lang/invoke/LambdaMetafactory";

    private final Path root;
    private final Map<String, List<String>> membersByHost = new HashMap<>();

    private PlainLambdas(Path root) {
        this.root = root;
    }

    /**
     * Changes all classes below some directories.
     *
     * @param arguments the directory of the classes, and those below it
     */
    public static void main(String[] arguments) throws IOException {
        PlainLambdas lambdas = new PlainLambdas(Path.of(arguments[0]));
        for (String below : List.of(arguments).subList(1, arguments.length)) {
            try (Stream<Path> files = Files.walk(lambdas.root.resolve(below))) {
                files.filter(file -> file.toString().endsWith(SUFFIX))
                        .sorted()
                        .toList()
                        .forEach(lambdas::change);
            }
        }
        for (Map.Entry<String, List<String>> nest : lambdas.membersByHost.entrySet()) {
            lambdas.addMembers(nest.getKey(), nest.getValue());
        }
    }

    private void change(Path file) {
        try {
            ClassNode type = read(file);
            List<String> made = new ArrayList<>();
            for (MethodNode method : type.methods) {
                for (AbstractInsnNode instruction : method.instructions.toArray()) {
                    AbstractInsnNode plain = instruction instanceof InvokeDynamicInsnNode dynamic
                            ? plain(type, dynamic, type.name + "$$" + (made.size() + 1), made)
                            : null;
                    if (plain != null) {
                        method.instructions.set(instruction, plain);
                    }
                }
            }
            if (!made.isEmpty()) {
                write(type);
                String host = type.nestHostClass == null ? type.name : type.nestHostClass;
                membersByHost.computeIfAbsent(host, absent -> new ArrayList<>()).addAll(made);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot make classes of the lambdas of " + file, failure);
        }
    }

    /** What takes the place of the instruction that makes a lambda; null if it is another one or has to stay. */
    private @Nullable AbstractInsnNode plain(
            ClassNode type, InvokeDynamicInsnNode dynamic, String name, List<String> made) throws IOException {
        if (!dynamic.bsm.getOwner().equals(FACTORY) || !dynamic.bsm.getName().equals("metafactory")) {
            return null;
        }
        LambdaClass lambda = LambdaClass.of(type, dynamic, name);
        if (lambda == null) {
            return null;
        }
        Files.write(file(name), lambda.toBytes());
        made.add(name);
        Type[] captured = Type.getArgumentTypes(dynamic.desc);
        String itself = "L" + name + ";";
        return captured.length == 0
                ? new FieldInsnNode(Opcodes.GETSTATIC, name, LambdaClass.INSTANCE, itself)
                : new MethodInsnNode(Opcodes.INVOKESTATIC, name, LambdaClass.MAKE, dynamic.desc, false);
    }

    private void addMembers(String host, List<String> members) throws IOException {
        ClassNode type = read(file(host));
        List<String> all = type.nestMembers == null ? new ArrayList<>() : new ArrayList<>(type.nestMembers);
        all.addAll(members);
        type.nestMembers = all;
        write(type);
    }

    private static ClassNode read(Path file) throws IOException {
        ClassNode type = new ClassNode();
        new ClassReader(Files.readAllBytes(file)).accept(type, 0);
        return type;
    }

    private void write(ClassNode type) throws IOException {
        ClassWriter writer = new ClassWriter(0);
        type.accept(writer);
        Files.write(file(type.name), writer.toByteArray());
    }

    private Path file(String name) {
        return root.resolve(name + SUFFIX);
    }

    /** Whether a handle names a method that is called as the class itself would call it. */
    static boolean isCallable(ClassNode type, Handle target) {
        return target.getTag() != Opcodes.H_INVOKESPECIAL
                || (target.getOwner().equals(type.name)
                        && type.methods.stream()
                                .anyMatch(method -> method.name.equals(target.getName())
                                        && method.desc.equals(target.getDesc())
                                        && (method.access & Opcodes.ACC_PRIVATE) != 0));
    }
}
