package dev.ingot.core.heap;

import dev.ingot.core.heap.RecordedClass.HiddenDefinition;
import dev.ingot.core.jvm.ClassAccess;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.IdentityHashMap;
import org.jspecify.annotations.Nullable;

/** Numbers the classes of an image and writes how to get each, before its number is used for the first time. */
final class ClassTable {
    private final HeapWriter writer;
    private final ProgramClasses program;
    private final Lane shapes;
    private final IdentityHashMap<Class<?>, Integer> numbers = new IdentityHashMap<>();
    private final IdentityHashMap<ClassLoader, String> loaderKeys = new IdentityHashMap<>();

    ClassTable(HeapWriter writer, ProgramClasses program, Lane shapes) {
        this.writer = writer;
        this.program = program;
        this.shapes = shapes;
    }

    /** Names a loader for those who weave classes: {@code boot}, {@code platform}, {@code app}, or {@code loader-N}. */
    String loaderKey(@Nullable ClassLoader loader) {
        if (loader == null) {
            return "boot";
        }
        if (loader == ClassLoader.getSystemClassLoader()) {
            return "app";
        }
        if (loader == ClassLoader.getPlatformClassLoader()) {
            return "platform";
        }
        return loaderKeys.computeIfAbsent(loader, unknown -> "loader-" + (loaderKeys.size() + 1));
    }

    int numberOf(Class<?> type) throws StoppedWalkException, IOException {
        Integer known = numbers.get(type);
        return known != null ? known : add(type);
    }

    private int add(Class<?> type) throws StoppedWalkException, IOException {
        if (type.isPrimitive()) {
            return addPrimitive(type);
        }
        if (type.isArray()) {
            return addArray(type, numberOf(type.getComponentType()));
        }
        if (Proxy.isProxyClass(type)) {
            return addProxy(type);
        }
        RecordedClass recorded = program.recorded(type);
        if (type.isHidden()) {
            return addHidden(type, recorded);
        }
        return recorded == null ? addNamed(type) : addRecorded(type, recorded.bytes());
    }

    private int addPrimitive(Class<?> type) {
        start(HeapStream.PRIMITIVE_CLASS, type);
        shapes.octet(type.descriptorString().charAt(0));
        return number(type);
    }

    private int addArray(Class<?> type, int component) {
        start(HeapStream.ARRAY_CLASS, type);
        shapes.number(component);
        return number(type);
    }

    private int addNamed(Class<?> type) throws StoppedWalkException, IOException {
        int loader = writer.reference(type.getClassLoader());
        Integer known = numbers.get(type);
        if (known != null) {
            return known;
        }
        start(HeapStream.NAMED_CLASS, type);
        shapes.number(loader);
        shapes.text(type.getName());
        return number(type);
    }

    private int addProxy(Class<?> type) throws StoppedWalkException, IOException {
        int loader = writer.reference(type.getClassLoader());
        int[] interfaces = numbersOf(type.getInterfaces());
        Integer known = numbers.get(type);
        if (known != null) {
            return known;
        }
        start(HeapStream.PROXY_CLASS, type);
        shapes.number(loader);
        writeNumbers(interfaces);
        return number(type);
    }

    private int addRecorded(Class<?> type, byte[] bytes) throws StoppedWalkException, IOException {
        int loader = writer.reference(type.getClassLoader());
        int superclass = type.getSuperclass() == null ? -1 : numberOf(type.getSuperclass());
        int[] interfaces = numbersOf(type.getInterfaces());
        Integer known = numbers.get(type);
        if (known != null) {
            return known;
        }
        start(HeapStream.RECORDED_CLASS, type);
        shapes.number(loader);
        shapes.text(type.getName());
        shapes.number(superclass + 1);
        writeNumbers(interfaces);
        shapes.blob(bytes);
        int number = number(type);
        writer.reference(new AttachmentsOf(type));
        return number;
    }

    private int addHidden(Class<?> type, @Nullable RecordedClass recorded) throws StoppedWalkException, IOException {
        HiddenDefinition definition = recorded == null ? null : recorded.hidden();
        if (recorded == null || definition == null) {
            throw new StoppedWalkException(
                    type,
                    new NotCapturableException("the class file of hidden class " + type.getName()
                            + " is not known: it was defined before the agent could see it"));
        }
        int host = numberOf(definition.host());
        start(HeapStream.HIDDEN_CLASS, type);
        shapes.number(host);
        boolean initialized = ClassAccess.isInitialized(type);
        shapes.octet((definition.nestmate() ? HeapStream.NESTMATE : 0)
                | (definition.strong() ? HeapStream.STRONG : 0)
                | (initialized ? HeapStream.INITIALIZED : 0));
        shapes.text(type.getName());
        shapes.blob(recorded.bytes());
        int number = number(type);
        writer.reference(new AttachmentsOf(type));
        if (initialized) {
            writer.reference(new StaticsOf(type));
        }
        return number;
    }

    private int[] numbersOf(Class<?>[] types) throws StoppedWalkException, IOException {
        int[] all = new int[types.length];
        for (int index = 0; index < all.length; index++) {
            all[index] = numberOf(types[index]);
        }
        return all;
    }

    private void writeNumbers(int[] all) {
        shapes.number(all.length);
        for (int number : all) {
            shapes.number(number);
        }
    }

    /** The hash of a class comes with its definition, so that a reader can set it before anything asks for it. */
    private void start(int kind, Class<?> type) {
        shapes.number(HeapStream.CLASS);
        shapes.fixed(System.identityHashCode(type));
        shapes.octet(kind);
    }

    private int number(Class<?> type) {
        int number = numbers.size();
        numbers.put(type, number);
        return number;
    }
}
