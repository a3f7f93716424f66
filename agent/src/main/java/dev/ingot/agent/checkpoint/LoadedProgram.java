package dev.ingot.agent.checkpoint;

import dev.ingot.agent.transform.ClassFileRecorder;
import dev.ingot.agent.transform.HiddenClassRecorder;
import dev.ingot.agent.transform.WeavingTransformer;
import dev.ingot.core.heap.ProgramClasses;
import dev.ingot.core.heap.RecordedClass;
import dev.ingot.core.jvm.ConnectorLoader;
import dev.ingot.core.library.ExcludedFields;
import dev.ingot.runtime.OtherAgents;
import java.lang.instrument.Instrumentation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import jdk.internal.misc.Unsafe;
import org.jspecify.annotations.Nullable;

/** The classes of the program as this JVM has loaded them. */
final class LoadedProgram implements ProgramClasses {
    private static final int NESTMATE = 1;
    private static final int STRONG = 4;

    private final Instrumentation instrumentation;
    private final WeavingTransformer transformer;
    private final ClassFileRecorder classFiles;
    private final HiddenClassRecorder hiddenClasses;
    private final ExcludedFields excluded = new ExcludedFields();
    private final ClassLoader agentLoader = LoadedProgram.class.getClassLoader();

    LoadedProgram(
            Instrumentation instrumentation,
            WeavingTransformer transformer,
            ClassFileRecorder classFiles,
            HiddenClassRecorder hiddenClasses) {
        this.instrumentation = instrumentation;
        this.transformer = transformer;
        this.classFiles = classFiles;
        this.hiddenClasses = hiddenClasses;
    }

    Class<?>[] all() {
        return instrumentation.getAllLoadedClasses();
    }

    /** The program's class loaders, the application's included. */
    Set<ClassLoader> loaders() {
        Set<ClassLoader> loaders = java.util.Collections.newSetFromMap(new java.util.IdentityHashMap<>());
        for (Class<?> type : all()) {
            if (isProgramClass(type)) {
                loaders.add(type.getClassLoader());
            }
        }
        return loaders;
    }

    /** The initialised classes of the program, whose static fields belong into an image. */
    List<Class<?>> initialized() {
        Set<Class<?>> initialized = new LinkedHashSet<>();
        for (Class<?> type : all()) {
            if (isProgramClass(type)
                    && !Unsafe.getUnsafe().shouldBeInitialized(type)
                    && !transformer.beginsAnew(type)) {
                initialized.add(type);
            }
        }
        return new ArrayList<>(initialized);
    }

    /** The classes an image can name, those of the JDK included. */
    List<Class<?>> nameable() {
        List<Class<?>> nameable = new ArrayList<>();
        for (Class<?> type : all()) {
            boolean hidden = type.isHidden() && hiddenClasses.originOf(type) == null;
            if (!hidden && type.getClassLoader() != agentLoader) {
                nameable.add(type);
            }
        }
        return nameable;
    }

    private boolean isProgramClass(Class<?> type) {
        ClassLoader loader = type.getClassLoader();
        return loader != null
                && loader != ClassLoader.getPlatformClassLoader()
                && loader != agentLoader
                && !ConnectorLoader.isOne(loader)
                && !type.isArray()
                && isOwn(type);
    }

    /** Whether a class of a loader of the program is the program's, and not one of an agent or of the JDK's reflection. */
    static boolean isOwn(Class<?> type) {
        return !isReflectionAccessor(type)
                && !OtherAgents.own(type)
                && !type.getName().startsWith("dev.ingot.agent.");
    }

    private static boolean isReflectionAccessor(Class<?> type) {
        return type.getName().startsWith("jdk.internal.reflect.");
    }

    @Override
    public @Nullable RecordedClass recorded(Class<?> type) {
        if (type.isHidden()) {
            HiddenClassRecorder.Origin origin = hiddenClasses.originOf(type);
            return origin == null
                    ? null
                    : new RecordedClass(
                            origin.classFile(),
                            new RecordedClass.HiddenDefinition(
                                    origin.host(), (origin.flags() & NESTMATE) != 0, (origin.flags() & STRONG) != 0));
        }
        ClassLoader loader = type.getClassLoader();
        if (loader != null && ConnectorLoader.isOne(loader)) {
            return null;
        }
        byte[] classFile = classFiles.find(type);
        return classFile == null ? null : new RecordedClass(classFile, null);
    }

    @Override
    public List<Class<?>> knownTo(ClassLoader loader) {
        return Arrays.asList(instrumentation.getInitiatedClasses(loader));
    }

    @Override
    public boolean isExcluded(Class<?> declaring, String field) {
        return OtherAgents.added(field) || excluded.contains(declaring, field);
    }
}
