package dev.ingot.core.heap;

import dev.ingot.core.heap.RecordedClass.HiddenDefinition;
import dev.ingot.core.jvm.ClassAccess;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Numbers the classes of an image and writes how to get each, before its number is used for the first time. A class that has a number
 * from an earlier walk is met anew in each: what it depends on is part of the image for as long as it is.
 */
final class ClassTable {
    private final HeapWriter writer;
    private final ProgramClasses program;
    private final HeapHistory history;
    private final Lane shapes;
    private final IdentityHashMap<Class<?>, Integer> met = new IdentityHashMap<>();
    private final Set<Class<?>> named = Collections.newSetFromMap(new IdentityHashMap<>());

    ClassTable(HeapWriter writer, ProgramClasses program, HeapHistory history, Lane shapes) {
        this.writer = writer;
        this.program = program;
        this.history = history;
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
        return history.loaderKey(loader);
    }

    int numberOf(Class<?> type) throws StoppedWalkException, IOException {
        Integer known = met.get(type);
        return known != null ? known : meet(type);
    }

    /** Meets those superclasses that have a number: fields of theirs are part of the class's plan. */
    void meetSuperclasses(Class<?> type) throws StoppedWalkException, IOException {
        for (Class<?> ancestor = type.getSuperclass(); ancestor != null; ancestor = ancestor.getSuperclass()) {
            if (history.numberOf(ancestor) != null) {
                numberOf(ancestor);
            }
        }
    }

    private int meet(Class<?> type) throws StoppedWalkException, IOException {
        if (type.isPrimitive()) {
            return meetPrimitive(type);
        }
        if (type.isArray()) {
            return meetArray(type, numberOf(type.getComponentType()));
        }
        if (Proxy.isProxyClass(type)) {
            return meetProxy(type);
        }
        RecordedClass recorded = program.recorded(type);
        if (type.isHidden()) {
            return meetHidden(type, recorded);
        }
        return recorded == null ? meetNamed(type) : meetRecorded(type, recorded.bytes());
    }

    private int meetPrimitive(Class<?> type) {
        if (isNew(type)) {
            start(HeapStream.PRIMITIVE_CLASS, type);
            shapes.octet(type.descriptorString().charAt(0));
        }
        return number(type);
    }

    private int meetArray(Class<?> type, int component) {
        if (isNew(type)) {
            start(HeapStream.ARRAY_CLASS, type);
            shapes.number(component);
        }
        return number(type);
    }

    private int meetNamed(Class<?> type) throws StoppedWalkException, IOException {
        int loader = writer.reference(type.getClassLoader());
        if (isOfEveryJvm(type.getClassLoader())) {
            named.add(type);
        }
        if (isNew(type)) {
            start(HeapStream.NAMED_CLASS, type);
            shapes.number(loader);
            shapes.text(type.getName());
        }
        return number(type);
    }

    private int meetProxy(Class<?> type) throws StoppedWalkException, IOException {
        int loader = writer.reference(type.getClassLoader());
        int[] interfaces = numbersOf(type.getInterfaces());
        if (isNew(type)) {
            start(HeapStream.PROXY_CLASS, type);
            shapes.number(loader);
            writeNumbers(interfaces);
        }
        return number(type);
    }

    private int meetRecorded(Class<?> type, byte[] bytes) throws StoppedWalkException, IOException {
        int loader = writer.reference(type.getClassLoader());
        int superclass = type.getSuperclass() == null ? -1 : numberOf(type.getSuperclass());
        int[] interfaces = numbersOf(type.getInterfaces());
        if (isNew(type)) {
            start(HeapStream.RECORDED_CLASS, type);
            shapes.number(loader);
            shapes.text(type.getName());
            shapes.number(superclass + 1);
            writeNumbers(interfaces);
            shapes.blob(bytes);
        }
        int number = number(type);
        writer.reference(AttachmentsOf.of(type));
        return number;
    }

    private int meetHidden(Class<?> type, @Nullable RecordedClass recorded) throws StoppedWalkException, IOException {
        HiddenDefinition definition = recorded == null ? null : recorded.hidden();
        if (recorded == null || definition == null) {
            throw new StoppedWalkException(
                    type,
                    new NotCapturableException("the class file of hidden class " + type.getName()
                            + " is not known: it was defined before the agent could see it"));
        }
        int host = numberOf(definition.host());
        boolean initialized = ClassAccess.isInitialized(type);
        if (isNew(type)) {
            start(HeapStream.HIDDEN_CLASS, type);
            shapes.number(host);
            shapes.octet((definition.nestmate() ? HeapStream.NESTMATE : 0)
                    | (definition.strong() ? HeapStream.STRONG : 0)
                    | (initialized ? HeapStream.INITIALIZED : 0));
            shapes.text(type.getName());
            shapes.blob(recorded.bytes());
            if (!initialized) {
                history.addUninitialized(type);
            }
        } else if (initialized && history.isRecordedUninitialized(type)) {
            throw new StoppedWalkException(
                    type,
                    new NotCapturableException(
                            "hidden class " + type.getName()
                                    + " has just been initialised, which the images before cannot say; try again, the next image is a whole one"));
        }
        int number = number(type);
        writer.reference(AttachmentsOf.of(type));
        if (initialized) {
            writer.reference(StaticsOf.of(type));
        }
        return number;
    }

    /** The hashes of the classes met so far that a JVM can have before anything of the image is made, in the order of their numbers. */
    List<ClassHash> hashes() {
        return met.entrySet().stream()
                .filter(each -> isFoundByNameAlone(each.getKey()))
                .sorted(Map.Entry.comparingByValue())
                .map(each -> ClassHash.of(loaderKey(each.getKey().getClassLoader()), each.getKey()))
                .toList();
    }

    private boolean isFoundByNameAlone(Class<?> type) {
        Class<?> element = type;
        while (element.isArray()) {
            element = element.getComponentType();
        }
        return element.isPrimitive() || named.contains(element);
    }

    private static boolean isOfEveryJvm(@Nullable ClassLoader loader) {
        return loader == null
                || loader == ClassLoader.getSystemClassLoader()
                || loader == ClassLoader.getPlatformClassLoader();
    }

    /** What a class depends on may lead back to it, so this is asked once that is there. */
    private boolean isNew(Class<?> type) {
        return history.numberOf(type) == null;
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

    /** The hash of a class comes with its definition, so that a reader can set it before anything asks a class that it defines for it. */
    private void start(int kind, Class<?> type) {
        shapes.number(HeapStream.CLASS);
        shapes.fixed(System.identityHashCode(type));
        shapes.octet(kind);
    }

    private int number(Class<?> type) {
        Integer known = history.numberOf(type);
        int number = known != null ? known : history.addClass(type);
        met.put(type, number);
        return number;
    }
}
